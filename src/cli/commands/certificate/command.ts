import { choice, command, group, required, text } from '../../define.ts';
import { LEDGER_EXITS } from '../../exit-codes.ts';

const issue = command({
  name: 'issue',
  summary: 'certify, signed, what has become of a deletion; again as its state moves on',
  arguments: { request: required('the request, such as R-000007') },
  flags: {
    out: text('--out <FILE>', 'write the JSON file, which is the one that counts'),
    format: choice('--format <FORMAT>', 'what to print: text, or the JSON file byte for byte', [
      'json',
      'text',
    ]),
  },
  examples: [
    'dsr certificate issue R-000007 --out R-000007.json',
    'dsr certificate issue R-000007 --format json > R-000007.json',
  ],
  exits: [...LEDGER_EXITS, 'refused', 'notFound'],
  body: () => import('./issue.ts'),
});

const verify = command({
  name: 'verify',
  summary: 'verify a certificate offline: needs neither ledger nor network',
  arguments: { file: required('the JSON file of a certificate') },
  flags: {
    key: text('--key <PUB>', 'the public key of the ledger, or a file with it; else that in the file'),
  },
  examples: [
    'dsr certificate verify R-000007.json',
    'dsr certificate verify R-000007.json --key ledger.pub --json',
  ],
  exits: ['notFound', 'damaged', 'badInput'],
  body: () => import('./verify.ts'),
});

export const certificate = group('certificate', 'what has become of a deletion, signed', [issue, verify]);
