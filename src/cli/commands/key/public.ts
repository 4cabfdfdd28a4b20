import { ExitCode } from '../../../base/errors.ts';
import { ledgerKey } from '../../../evidence/audit/checkpoint.ts';
import { renderVkey } from '../../../evidence/audit/note.ts';
import type { CommandContext } from '../../context.ts';

export async function run(context: CommandContext): Promise<ExitCode> {
  const key = ledgerKey(await context.openLedger('read'));
  const vkey = renderVkey(key);
  const members = { vkey, origin: key.name, public_key: Buffer.from(key.publicKey).toString('hex') };
  context.output.result(members, () => vkey, true);
  return ExitCode.done;
}
