import { expect, test } from 'vitest';
import type { ActEntry, NewSuppression, Writer } from '../../src/store/store.ts';
import { anAct, emptyLedger, withStore } from '../helpers/ledger-folder.ts';
import { aRequest } from '../reports/reported-ledger.ts';

const hold = {
  state: 'placed',
  subject: 1,
  matter: '2026-7',
  category: undefined,
  source: undefined,
  reason: 'litigation',
  reviewOn: undefined,
  placedAt: '2026-01-02T00:00:00Z',
  placedBy: 'tester',
  releasedAt: undefined,
  releasedBy: undefined,
};

const suppression: NewSuppression = {
  kind: 'email',
  subject: 1,
  reason: 'erased',
  request: 1,
  since: '2026-01-02T00:00:00Z',
  until: undefined,
  tag: 1,
  digest: Buffer.alloc(32, 1),
};

/** An act about a person, for a request or not. */
function about(subject: number, request?: number): ActEntry {
  return { ...anAct(), subject, ...(request === undefined ? {} : { request }) };
}

const nothing = async () => {};

test('the number of an entry, a person or a digest that went is not given again', async () => {
  await withStore(emptyLedger(), async (store) => {
    const next = (tx: Writer) => tx.add('hold', hold);
    const anchor = (byte: number) => ({ anchor: Buffer.alloc(32, byte), hint: byte });
    await store.act(anAct(), next);
    await store.act(anAct(), async (tx) => {
      const { id } = await next(tx);
      await tx.remove('hold', [id]);
      await tx.forget({ subjects: [await tx.addSubject(anchor(1))] });
      await tx.addSuppressions([suppression]);
      await tx.dropSuppressions([1]);
    });
    await store.act(anAct(), async (tx) => {
      expect((await next(tx)).id).toBe(3);
      expect(await tx.addSubject(anchor(2))).toBe(2);
      await tx.addSuppressions([suppression]);
      expect((await tx.suppressions(0, 10)).map(({ id }) => id)).toEqual([2]);
    });
    // What is undone was not given.
    const undone = store.act(anAct(), async (tx) => {
      await next(tx);
      throw new Error('undone');
    });
    await expect(undone).rejects.toThrow('undone');
    expect((await store.act(anAct(), next)).id).toBe(4);
  });
});

test('an entry that was and is no more is told from one that never was', async () => {
  await withStore(emptyLedger(), async (store) => {
    await store.act(anAct(), async (tx) => {
      for (const _ of [1, 2]) await tx.add('hold', hold);
      await tx.remove('hold', [1]);
    });
    const spent = await store.read((tx) => Promise.all([0, 1, 2, 3].map((id) => tx.isSpent('hold', id))));
    expect(spent).toEqual([false, true, false, false]);
  });
});

test('forgetting a request takes the nonces of its entries, its fingerprints, and its name from the digests', async () => {
  await withStore(emptyLedger(), async (store) => {
    await store.act(about(1, 1), async (tx) => {
      await tx.addSuppressions([suppression, { ...suppression, request: 2 }]);
      await tx.putFingerprints({ request: 1, subject: 1, packed: Buffer.of(1), tags: [] });
      await tx.putFingerprints({ request: 2, subject: 1, packed: Buffer.of(1), tags: [] });
    });
    await store.act(about(1, 2), nothing);
    await store.act(about(1), nothing);
    await store.act(anAct(), (tx) => tx.forget({ requests: [1] }));
    await store.read(async (tx) => {
      const nonces = await Promise.all(
        [1, 2, 3].map(async (seq) => (await tx.auditNonce(seq)) !== undefined),
      );
      expect(nonces).toEqual([false, true, true]);
      expect((await tx.fingerprints()).map(({ request }) => request)).toEqual([2]);
      expect((await tx.suppressionsOf(1)).map(({ request }) => request)).toEqual([0, 2]);
      expect((await tx.info()).bytesPending).toBe(true);
    });
  });
});

test('forgetting a person takes every nonce of theirs, and nobody else’s', async () => {
  await withStore(emptyLedger(), async (store) => {
    for (const subject of [1, 2, 1]) await store.act(about(subject), nothing);
    await store.act(anAct(), (tx) => tx.forget({ subjects: [1] }));
    const left = await store.read((tx) => Promise.all([1, 2, 3].map((seq) => tx.auditNonce(seq))));
    expect(left.map((nonce) => nonce?.subject)).toEqual([undefined, 2, undefined]);
  });
});

test('forgetting nothing leaves no bytes to scrub', async () => {
  await withStore(emptyLedger(), async (store) => {
    await store.act(anAct(), (tx) => tx.forget({}));
    expect((await store.read((tx) => tx.info())).bytesPending).toBe(false);
  });
});

test('the registers say of each entry whom it is about and for which request', async () => {
  await withStore(emptyLedger(), async (store) => {
    await store.act(anAct(), async (tx) => {
      await tx.add('hold', hold);
      await tx.add('request', aRequest({ subject: undefined }));
      const entry = {
        state: 'written',
        folder: '/x',
        manifest: undefined,
        startedAt: '2026-01-02T00:00:00Z',
      };
      await tx.add('package', { ...entry, subject: 4, request: 7 });
    });
    expect(await store.read((tx) => tx.registered())).toEqual([
      { kind: 'hold', id: 1, subject: 1, request: undefined },
      { kind: 'package', id: 1, subject: 4, request: 7 },
      { kind: 'request', id: 1, subject: undefined, request: undefined },
    ]);
  });
});
