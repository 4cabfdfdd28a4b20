import type { Json } from '../base/json.ts';
import { openSealed, sealText } from '../base/sealed.ts';
import { rowIdentifier, suppressionHex } from '../people/digests.ts';
import { partiesOf } from '../people/identities.ts';
import { tableSource } from '../policy/find.ts';
import type { Policy } from '../policy/types.ts';
import type { Ledger, LedgerKeys } from '../store/ledger.ts';
import type { WorkAction, WorkOrder } from '../store/registers.ts';
import type { RecordId, StoredRecord, SubjectId, Writer } from '../store/store.ts';

type Acting = Pick<Ledger, 'keys' | 'policy' | 'now'>;

const ABOUT = 'work-order';

/** What only those who carry out an order may read. */
export interface OrderContent {
  /** The natural key of the row upstream; of log lines the identifiers by which they are found. */
  readonly key: string;
  /** Column → value that upstream has to hold; of `keep-fields` the columns that may stay. */
  readonly change: { readonly [column: string]: Json };
}

/** What is to be ordered, in clear. */
export interface OrderWish extends OrderContent {
  readonly source: string;
  readonly action: WorkAction;
  readonly record: RecordId | undefined;
  readonly request: number;
  readonly subject: SubjectId | undefined;
  /** The row as it was: gives its place, and for `anonymise` who its columns name. */
  readonly row?: Pick<StoredRecord, 'fields' | 'import' | 'line'> | undefined;
  /** `anonymise`, where the row is not at hand: from the order before. */
  readonly naming?: WorkOrder['naming'];
}

/** Places an order for a system upstream; key and change go into it sealed. */
export async function placeOrder(tx: Writer, ledger: Acting, wish: OrderWish): Promise<WorkOrder> {
  const { source, action, record, request, subject, key, change, row } = wish;
  return tx.add('work-order', {
    state: 'ordered',
    subject,
    source,
    action,
    digest: rowDigest(ledger.keys, source, key),
    tag: ledger.keys.hasher.tag(rowIdentifier(source, key)),
    sealed: sealText(ledger.keys.outbox, JSON.stringify({ key, change }), ABOUT),
    fields: Object.keys(change),
    ...(action === 'anonymise' ? { naming: namingOf(ledger, wish) } : {}),
    record,
    ...(action === 'change' && record !== undefined ? { mark: correctionMark(record) } : {}),
    ...(row === undefined ? {} : { place: { import: row.import, line: row.line } }),
    request,
    orderedAt: ledger.now,
    endedAt: undefined,
  });
}

/** By what the orders to correct a row are found again. */
export function correctionMark(record: RecordId): string {
  return `record:${record}`;
}

/** What an order says in clear; undefined once it is closed. */
export function openOrder(
  { keys }: { readonly keys: Pick<LedgerKeys, 'outbox'> },
  { sealed }: Pick<WorkOrder, 'sealed'>,
): OrderContent | undefined {
  if (sealed === undefined) return undefined;
  return JSON.parse(openSealed(keys.outbox, sealed, ABOUT)) as OrderContent;
}

/** Hex digest by which a row of a source is known again, by its natural key. */
export function rowDigest(keys: Pick<LedgerKeys, 'suppression'>, source: string, key: string): string {
  return suppressionHex(keys.suppression, rowIdentifier(source, key));
}

/** Hex digests of the identifiers that stand in the columns of a row, as the policy maps them. */
function columnDigests(
  { suppression }: Pick<LedgerKeys, 'suppression'>,
  policy: Policy,
  source: string,
  row: ReadonlyMap<string, Json>,
): { readonly [column: string]: string } {
  const table = tableSource(policy, source);
  const identifiers = table === undefined ? [] : partiesOf(table, policy, row);
  return Object.fromEntries(
    identifiers.flatMap((party) =>
      party.identifiers.map(
        ({ column, identifier }) => [column, suppressionHex(suppression, identifier)] as const,
      ),
    ),
  );
}

function namingOf({ keys, policy }: Acting, wish: OrderWish): WorkOrder['naming'] {
  const { source, change, row, naming } = wish;
  if (naming !== undefined) return naming;
  const digests = Object.entries(columnDigests(keys, policy, source, row?.fields ?? new Map()));
  return Object.fromEntries(digests.filter(([column]) => Object.hasOwn(change, column)));
}

/** A closed order, without what it said in clear. */
export function closedOrder(
  order: WorkOrder,
  state: 'confirmed' | 'ended' | 'cancelled',
  { now }: Pick<Ledger, 'now'>,
  confirmedBy?: WorkOrder['confirmedBy'],
): WorkOrder {
  return {
    ...order,
    state,
    sealed: undefined,
    endedAt: now,
    ...(confirmedBy === undefined ? {} : { confirmedBy }),
  };
}
