import { ExitCode } from '../../../base/errors.ts';
import { subjectName } from '../../../base/ids.ts';
import type { Json } from '../../../base/json.ts';
import { maskValue } from '../../../base/mask.ts';
import type { Instant } from '../../../base/time.ts';
import { type AsideExplained, explainAside } from '../../../ingest/aside-acts.ts';
import { tableSource } from '../../../policy/find.ts';
import type { Policy } from '../../../policy/types.ts';
import type { WorkOrder } from '../../../store/registers.ts';
import type { Suppression } from '../../../store/store.ts';
import type { CommandContext } from '../../context.ts';
import { revealReason } from '../../reason.ts';
import { asideMembers, asideTable, parseRowNumber, requestShown, suppressionMembers } from './members.ts';

export async function run(context: CommandContext, input: { readonly row: string }): Promise<ExitCode> {
  const id = parseRowNumber(input.row);
  const reason = await revealReason(context);
  const ledger = await context.openLedger(reason === undefined ? 'read' : 'write');
  const explained = await explainAside(ledger, id, reason);
  const fields = shownFields(explained, ledger.policy, reason !== undefined);
  const why = whyOf(explained, (instant) => instant);
  const admit = admitWords(explained);
  const document = {
    row: asideMembers(explained.row),
    met: explained.met.map(suppressionMembers),
    upstream: explained.orders.map(orderMembers),
    why,
    admit,
    fields: Object.fromEntries(fields),
    revealed: reason !== undefined,
  };
  context.output.result(document, () =>
    [
      asideTable(context.output, [explained.row]),
      whyOf(explained, (instant) => context.output.clock.words(instant)).join('\n'),
      fields.map(([column, value]) => `${column}: ${value}`).join('\n'),
      `to let it in: dsr suppression admit ${id} --reason CODE\n  ${admit}`,
    ]
      .filter((part) => part !== '')
      .join('\n\n'),
  );
  return ExitCode.done;
}

/** Why it was set aside, sentence by sentence. */
function whyOf({ row, met, orders }: AsideExplained, shown: (instant: Instant) => string): readonly string[] {
  const words = [
    row.verdict === 'return'
      ? 'its key is that of a row of somebody who was erased'
      : 'it holds what somebody who was erased had, under a key that is not known: that alone decides nothing',
    ...met.map((one) => metWords(one, shown)),
    ...orders.map((order) => orderWords(order, shown)),
  ];
  return met.length === 0 ? [...words, 'nothing speaks against it any more'] : words;
}

function metWords(
  { kind, subject, reason, request, since, until }: Suppression,
  shown: (instant: Instant) => string,
): string {
  const act = reason === 'erased' ? 'erased' : 'stopped by a parent';
  const by = requestShown(request);
  const end = until === undefined ? 'no end' : `until ${until}`;
  return `${kind}: ${subjectName(subject)}, ${act} at ${shown(since)}${by === undefined ? '' : ` by ${by}`}, kept ${end}`;
}

function orderWords({ source, state, judged }: WorkOrder, shown: (instant: Instant) => string): string {
  const said =
    judged === undefined ? 'no export has said anything yet' : `${judged.verdict} at ${shown(judged.at)}`;
  return `upstream, old row in ${source}: order ${state}; ${said}`;
}

function orderMembers({ id, source, action, state, judged }: WorkOrder): Record<string, unknown> {
  return { order: id, source, action, state, verdict: judged?.verdict ?? null, at: judged?.at ?? null };
}

function admitWords({ isAccount, row }: AsideExplained): string {
  if (row.state !== 'waiting') return `nothing: it was ${row.state} already`;
  return isAccount
    ? 'the row comes in; the account may use these identifiers from then on, and its rows that wait come in too'
    : 'the row comes in; the identifiers that it met stay suppressed for other rows';
}

function shownFields(
  { content, row }: AsideExplained,
  policy: Policy,
  reveal: boolean,
): readonly (readonly [string, string])[] {
  const parties = tableSource(policy, row.source)?.parties ?? [];
  const kinds = new Map(
    parties.flatMap(({ identifiers }) => identifiers.map(({ column, kind }) => [column, kind])),
  );
  return [...(content?.fields ?? [])].map(([column, value]) => {
    const text = textOf(value);
    return [column, reveal ? text : maskValue(kinds.get(column) ?? column, text)] as const;
  });
}

function textOf(value: Json): string {
  if (value === null) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
