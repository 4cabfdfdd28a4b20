import { describe, expect, it } from 'vitest';
import { parsePolicy } from '../../src/policy/parse.ts';
import { lastCopyEnd, suppressionEnd } from '../../src/retention/suppression-end.ts';

const NOW = '2026-01-31T23:30:00Z';

function policy(extra = '', zone = 'UTC') {
  return parsePolicy(
    `controller: { name: A, contact: a@example.org, zone: ${zone}, regimes: [gdpr] }
effective: 2026-01-01
sources: { t: { files: "u*.csv", format: csv, mode: append, key: id, subject: { user_id: id }, category: a } }
categories: { a: { on_delete: erase } }
${extra}`,
    'dsr.yaml',
  );
}

const backup = (expiresOn: string, at = '2026-01-01T00:00:00Z', state = 'kept') => ({
  state,
  expiresOn,
  at,
});

describe('the digests of an erased person end', () => {
  it.each([
    ['three years later where the policy says nothing', policy(), [], '2029-01-31'],
    ['when the policy says', policy('limits: { digests_kept: P1M }'), [], '2026-02-28'],
    ['on the day of the controller', policy('limits: { digests_kept: P1D }', 'Asia/Tokyo'), [], '2026-02-02'],
    [
      'no sooner than the last backup upstream',
      policy('limits: { digests_kept: P1D }\nbackups: { a: { keep: P35D }, b: { keep: P90D } }'),
      [],
      '2026-05-01',
    ],
    [
      'no sooner than a backup of the ledger',
      policy('limits: { digests_kept: P1D }'),
      [backup('2026-12-24'), backup('2026-03-01')],
      '2026-12-24',
    ],
    [
      'whatever a backup that is gone said',
      policy('limits: { digests_kept: P1D }'),
      [backup('2026-12-24', undefined, 'expired')],
      '2026-02-01',
    ],
    [
      'whatever a backup from after the erasure says',
      policy('limits: { digests_kept: P1D }'),
      [backup('2026-12-24', '2026-02-01T00:00:00Z')],
      '2026-02-01',
    ],
  ])('%s', (_, given, own, until) => {
    expect(suppressionEnd('erased', NOW, { policy: given, own })).toEqual({
      until,
      basis: 'against a return by an older export or backup',
    });
  });

  it('and those of a stopped child never by themselves', () => {
    const own = [backup('2026-12-24')];
    expect(suppressionEnd('parental-stop', NOW, { policy: policy(), own })).toEqual({
      until: undefined,
      basis: 'against collecting anything more from the child',
    });
  });

  it('no copy is known where neither policy nor ledger has one', () => {
    expect(lastCopyEnd(NOW, { policy: policy(), own: [] })).toBeUndefined();
  });
});
