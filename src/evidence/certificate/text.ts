import type { CertificateBody } from './certificate.ts';

/** The certificate for people to read; says that the JSON file is the one that counts, and which that is. */
export function renderCertificateText(body: CertificateBody, sha256: string): string {
  const parts = [
    heading(body, sha256),
    statesPart(body),
    part('What was done', body.applied.map(appliedRow)),
    part('What may stay, until when, and why', body.remains.flatMap(remainRows)),
    part('Backups from before the erasure', body.backups.map(backupRow)),
    bytesPart(body),
    part('What exports brought back since', gateRows(body)),
    part('Systems upstream', body.upstream.flatMap(upstreamRows)),
    groundPart(body),
  ];
  return `${parts
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

type Cells = readonly (string | number)[];

/** A title and its rows in columns; nothing where there are none. */
function part(title: string, rows: readonly Cells[]): readonly string[] {
  if (rows.length === 0) return [];
  const widths: number[] = [];
  for (const row of rows)
    for (const [index, cell] of row.entries()) widths[index] = Math.max(widths[index] ?? 0, `${cell}`.length);
  const line = (row: Cells) => row.map((cell, index) => `${cell}`.padEnd(widths[index] ?? 0)).join('  ');
  return [title, ...rows.map((row) => `  ${line(row)}`.trimEnd())];
}

function heading(body: CertificateBody, sha256: string): readonly string[] {
  const { number, issued_at, controller, request, ledger } = body;
  return [
    `Certificate ${number} of a deletion`,
    `${controller}, issued ${issued_at}`,
    `request ${request.id}: ${request.type} under ${request.regime}, received ${request.received_on}, ${request.state}`,
    ...(ledger.rehearsal ? ['OF A REHEARSAL LEDGER: nothing of this has happened'] : []),
    'This text is for reading. What counts is the JSON file with this SHA-256:',
    sha256,
  ];
}

function statesPart({ states }: CertificateBody): readonly string[] {
  const rows = ['reached', 'not reached', 'not needed'].flatMap((word) => {
    const own = states.filter(({ is }) => is === word).map(({ state }) => state);
    return own.length === 0 ? [] : [[word, own.join(', ')]];
  });
  return part('State', rows);
}

function appliedRow({
  source,
  category,
  action,
  count,
  basis,
  until,
}: CertificateBody['applied'][number]): Cells {
  return [action, source, category, count, basis ?? '', until ?? ''];
}

function remainRows(remain: CertificateBody['remains'][number]): readonly Cells[] {
  const { what, source, count, fields, basis } = remain;
  const why = fields.length === 0 ? basis : `${basis}, only ${fields.join(', ')}`;
  return [
    [source ?? OWN[what] ?? what, count, endWords(remain)],
    ['', '', why],
  ];
}

/** What dsr keeps of the deletion itself, as people call it. */
const OWN: Readonly<Record<string, string>> = {
  'request-file': 'file of the request',
  fingerprints: 'fingerprints',
  'work-orders': 'work orders',
  'suppression-digests': 'digests',
  'set-aside-rows': 'rows set aside',
};

const ENDS: Readonly<Record<string, string>> = {
  confirmed: 'until it is confirmed upstream',
  released: 'until the hold is released',
};

function endWords({ basis, until }: CertificateBody['remains'][number]): string {
  if (until === null) return basis === 'another-party' ? "as long as the other party's data stays" : 'no end';
  const [, number, unit = ''] = /^closed\+P(\d+)([DMY])$/.exec(until) ?? [];
  if (number === undefined) return ENDS[until] ?? `until ${until}`;
  return `until ${number} ${UNITS[unit] ?? ''} after the request is closed`;
}

const UNITS: Readonly<Record<string, string>> = { D: 'days', M: 'months', Y: 'years' };

function backupRow({ of, name, sources, taken_at, over_on }: CertificateBody['backups'][number]): Cells {
  const what = of === 'ledger' ? `of this ledger, ${taken_at ?? ''}` : `${name ?? ''}: ${sources.join(', ')}`;
  return [what, over_on === null ? 'not over before upstream has erased' : `over on ${over_on}`];
}

function bytesPart({ bytes: { state, proof } }: CertificateBody): readonly string[] {
  if (proof === null) return part('Bytes', [[state, 'not looked for yet']]);
  const { files, pages, rows, blocks, bytes } = proof.searched;
  const { retained, another, residue } = proof.hits;
  const gaps = proof.not_searched.map(({ code, count }) => ['not searched', `${code}: ${count}`]);
  return part('Bytes', [
    [state, `looked for ${proof.fingerprints} values at ${proof.at}: ${proof.verdict}`],
    ['searched', `${files} files, ${pages} pages, ${rows} rows, ${blocks} blocks, ${bytes} bytes`],
    ['found', `${retained} retained, ${another} of others, ${residue} residue`],
    ...gaps,
  ]);
}

function gateRows({ gate }: CertificateBody): readonly Cells[] {
  return [
    ['rows of the erased person, kept out', gate.returned],
    ['doubtful rows, kept out', gate.doubtful],
    ['of both, waiting now for a decision', gate.waiting],
    ['new accounts let in', gate.admitted],
  ];
}

function upstreamRows(upstream: CertificateBody['upstream'][number]): readonly Cells[] {
  const { source, ordered, open, confirmed_by_import, confirmed_by_staff, ended, cancelled } = upstream;
  const figures = [
    ['ordered', ordered],
    ['open', open],
    ['confirmed by an export', confirmed_by_import],
    ['confirmed by staff', confirmed_by_staff],
    ['ended', ended],
    ['cancelled', cancelled],
  ] as const;
  const shown = figures.filter(([name, count]) => name === 'ordered' || count > 0);
  const verdicts = upstream.verdicts.map(
    ({ verdict, why, count }) =>
      [source, `newest verdict: ${verdict}${why === null ? '' : ` (${why})`}`, count] as const,
  );
  return [...shown.map(([name, count]) => [source, name, count] as const), ...verdicts];
}

/** Digests have lines of their own: a terminal has eighty columns. */
function groundPart({ runs, evidence, log, ledger }: CertificateBody): readonly string[] {
  return [
    'Rests on',
    ...runs.flatMap(({ at, plan, policy_version }) => [
      `  the plan carried out ${at}, policy version ${policy_version}`,
      `    ${plan}`,
    ]),
    ...part('', evidence.map(evidenceRow)).slice(1),
    `  the audit log of ${log.size} entries`,
    `    ${log.root}`,
    `  ${ledger.origin}`,
    'To verify it: dsr certificate verify FILE --key PUB; dsr help certificate',
  ];
}

function evidenceRow({ seq, act }: CertificateBody['evidence'][number]): Cells {
  return ['entry', seq, act];
}
