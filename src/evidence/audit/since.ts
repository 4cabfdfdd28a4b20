import { ExitCode, UserError } from '../../base/errors.ts';
import { type CheckpointBody, claimOf, openCheckpoint, splitCheckpoints } from './checkpoint.ts';
import { type NoteKey, noteKey } from './note.ts';
import {
  type AuditProblem,
  type AuditSource,
  type AuditVerdict,
  type RootsAt,
  verifyAudit,
} from './verify.ts';

/** How the log stands to a checkpoint that somebody kept. */
export interface SinceVerdict extends CheckpointBody {
  /**
   * `extends`: the log goes on from it. `lost`: it is of entries that went with a lost ledger, which the
   * log itself says. Or what is wrong.
   */
  readonly state: 'extends' | 'lost' | 'tail-cut' | 'forked';
}

/**
 * The checkpoints of a text, all signed with the key of one log. Refuses (exit 20) what is no checkpoint,
 * is of another ledger, or has a changed byte.
 */
export function openCheckpoints(text: string, key: NoteKey): readonly CheckpointBody[] {
  return splitCheckpoints(text).map((note) => {
    const { origin } = claimOf(note);
    if (parseOrigin(origin).log !== parseOrigin(key.name).log) throw foreign();
    return openCheckpoint(note, noteKey(origin, key.publicKey));
  });
}

function foreign(): UserError {
  return new UserError('checkpoint-foreign', 'this is a checkpoint of another ledger', {
    exit: ExitCode.damaged,
    hint: 'name the ledger that it was taken of with --ledger FILE',
  });
}

/** A log keeps its name until its ledger is lost and restored: from then on the name ends in the next number. */
function parseOrigin(origin: string): { readonly log: string; readonly nth: number } {
  const [, log = origin, nth = '1'] = /^(.*)\/([2-9]|[1-9]\d{1,8})$/.exec(origin) ?? [];
  return { log, nth: Number(nth) };
}

/** The same key under the name that its log has in a note: one that was noted before a loss goes on to be good. */
export function keyUnder(key: NoteKey, origin: string): NoteKey {
  return parseOrigin(origin).log === parseOrigin(key.name).log ? noteKey(origin, key.publicKey) : key;
}

/** A log that was recomputed, and how it stands to checkpoints that were kept. */
export interface LogVerdict extends AuditVerdict {
  readonly since: readonly SinceVerdict[];
}

/** `verifyAudit`, and what the log is found to be to checkpoints; `origin` is the name that it has now. */
export async function verifySince(
  source: AuditSource,
  checkpoints: readonly CheckpointBody[],
  origin: string,
): Promise<LogVerdict> {
  const rootsAt: RootsAt = new Map(checkpoints.map(({ size }) => [size, undefined]));
  const verdict = await verifyAudit(source, rootsAt);
  const since = checkpoints.map((checkpoint) => ({
    ...checkpoint,
    state: stateOf(checkpoint, { ...verdict, rootsAt, origin }),
  }));
  const problems = since.flatMap((found) => listSinceProblems(found, verdict.size));
  return {
    ...verdict,
    ok: verdict.ok && problems.length === 0,
    problems: [...problems, ...verdict.problems],
    problemCount: problems.length + verdict.problemCount,
    since,
  };
}

interface Recomputed extends Pick<AuditVerdict, 'size' | 'recovered'> {
  readonly rootsAt: RootsAt;
  readonly origin: string;
}

function stateOf(checkpoint: CheckpointBody, log: Recomputed): SinceVerdict['state'] {
  const until = log.recovered.find(({ previousOrigin }) => previousOrigin === checkpoint.origin);
  if (checkpoint.origin !== log.origin && until === undefined) return unnamed(checkpoint.origin, log.origin);
  if (checkpoint.size > (until?.previousSize ?? log.size)) return until === undefined ? 'tail-cut' : 'lost';
  return log.rootsAt.get(checkpoint.size) === checkpoint.root ? 'extends' : 'forked';
}

/** A later name than the log has is of a time that this copy has not seen; an earlier one it should know of. */
function unnamed(origin: string, current: string): 'tail-cut' | 'forked' {
  return parseOrigin(origin).nth > parseOrigin(current).nth ? 'tail-cut' : 'forked';
}

function listSinceProblems({ state, size: kept }: SinceVerdict, size: number): readonly AuditProblem[] {
  const tail = `the checkpoint is of ${kept} entries, the log has ${size}: its tail was cut off, or an older copy of the ledger was put back`;
  const fork = `the first ${kept} entries are not those of the checkpoint: some were changed, or two ledgers went on from one copy`;
  if (state === 'tail-cut') return [{ seq: undefined, code: state, message: tail }];
  return state === 'forked' ? [{ seq: undefined, code: state, message: fork }] : [];
}
