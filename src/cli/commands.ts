import { access } from './commands/access/command.ts';
import { audit } from './commands/audit/command.ts';
import { backup } from './commands/backup/command.ts';
import { batch } from './commands/batch/command.ts';
import { certificate } from './commands/certificate/command.ts';
import { consent } from './commands/consent/command.ts';
import { deletion } from './commands/delete/command.ts';
import { edit } from './commands/edit/command.ts';
import { help } from './commands/help/command.ts';
import { hold } from './commands/hold/command.ts';
import { imports } from './commands/imports/command.ts';
import { ingest } from './commands/ingest/command.ts';
import { init } from './commands/init/command.ts';
import { journal } from './commands/journal/command.ts';
import { key } from './commands/key/command.ts';
import { parent } from './commands/parent/command.ts';
import { parentalReview } from './commands/parental-review/command.ts';
import { policy } from './commands/policy/command.ts';
import { prove } from './commands/prove/command.ts';
import { purge } from './commands/purge/command.ts';
import { report } from './commands/report/command.ts';
import { request } from './commands/request/command.ts';
import { restore } from './commands/restore/command.ts';
import { status } from './commands/status/command.ts';
import { subject } from './commands/subject/command.ts';
import { suppression } from './commands/suppression/command.ts';
import { work } from './commands/work/command.ts';
import type { Section } from './program.ts';

/** Every command, in the order of `dsr --help`; definitions only, bodies are loaded when called. */
export const SECTIONS: readonly Section[] = [
  { title: 'Set up', commands: [init, policy, backup, journal, restore] },
  { title: 'Data', commands: [ingest, imports] },
  { title: 'People', commands: [subject, parent, consent] },
  { title: 'Requests', commands: [request, batch, access, edit, deletion, parentalReview] },
  { title: 'Duties', commands: [hold, work, suppression, purge, status] },
  { title: 'Evidence', commands: [report, audit, key, prove, certificate] },
  { title: 'Help', commands: [help] },
];
