import type { Json } from '../base/json.ts';
import { openSealed, sealText } from '../base/sealed.ts';
import type { Ledger, LedgerKeys } from '../store/ledger.ts';
import type { SetAsideRow } from '../store/registers.ts';

/** What a set-aside row holds in clear. */
export interface AsideContent {
  readonly key: string;
  /** Epoch seconds of its own date. */
  readonly at: number | undefined;
  readonly fields: ReadonlyMap<string, Json>;
}

type SealKeys = { readonly keys: Pick<LedgerKeys, 'setAside'> };

const ABOUT = 'set-aside';

/** Seals a row that waits for a decision. */
export function sealAside({ keys }: SealKeys, { key, at, fields }: AsideContent): string {
  return sealText(keys.setAside, JSON.stringify({ key, at, fields: [...fields] }), ABOUT);
}

/** The row as it came; undefined once it is decided. */
export function openAside(
  { keys }: SealKeys,
  { sealed }: Pick<SetAsideRow, 'sealed'>,
): AsideContent | undefined {
  if (sealed === undefined) return undefined;
  const content = JSON.parse(openSealed(keys.setAside, sealed, ABOUT)) as {
    readonly key: string;
    readonly at?: number;
    readonly fields: readonly (readonly [string, Json])[];
  };
  return { key: content.key, at: content.at, fields: new Map(content.fields) };
}

/** A row on which somebody has decided: its sealed text goes. */
export function decidedAside(
  { now, actor }: Pick<Ledger, 'now' | 'actor'>,
  row: SetAsideRow,
  state: 'admitted' | 'dropped',
): SetAsideRow {
  return { ...row, state, sealed: undefined, decidedAt: now, decidedBy: actor.name };
}
