import { refused, UserError } from '../../base/errors.ts';
import { maskIdentifier } from '../../base/mask.ts';
import type { Identifier } from '../../people/identifier.ts';
import { kindOf } from '../../policy/find.ts';
import type { SubjectView } from '../../rights/view.ts';
import type { Who } from '../subject.ts';
import { identifierDigest, type Prover, placesOf, subjectDigest } from './proof.ts';

/** Something of a person that can be proved by itself. */
interface Candidate {
  readonly digest: string;
  readonly subjects: readonly number[];
  readonly identifiers: readonly Identifier[];
}

/** Which of a person's accounts and addresses is meant. */
export interface Meant {
  /** As staff said by a flag; another person's is refused. */
  readonly named: Who | undefined;
  /** By what the request was opened; helps where it tells one. */
  readonly about: Who | undefined;
  /** Whether an address can be what was proved, where there is no account. */
  readonly addressCounts: boolean;
}

/**
 * The digest of the one account, or without account the one address, that a proof is about. Each is verified on
 * its own, so with several of them it has to be said which.
 */
export function requireOneProved(views: readonly SubjectView[], meant: Meant, prover: Prover): string {
  const all = views.flatMap((view) => candidatesOf(view, meant, prover));
  const named = meant.named === undefined ? all : all.filter(isMeant(meant.named));
  const hinted = meant.about === undefined ? [] : named.filter(isMeant(meant.about));
  const [only, ...others] = hinted.length === 1 ? hinted : named;
  if (only !== undefined && others.length === 0) return only.digest;
  if (only !== undefined) throw which(named);
  if (meant.named !== undefined)
    throw refused('not-theirs', 'that is no account or address of the person whom the request is about');
  throw refused('no-account', 'no account of theirs is known here', 'take another method, such as code');
}

function isMeant(who: Who): (candidate: Candidate) => boolean {
  if (!('kind' in who)) return ({ subjects }) => subjects.includes(who.subject);
  return ({ identifiers }) => identifiers.some(({ kind, value }) => kind === who.kind && value === who.value);
}

function candidatesOf(view: SubjectView, { addressCounts }: Meant, prover: Prover): readonly Candidate[] {
  const { subject, subjects, identifiers } = view;
  const places = placesOf(view.rows, prover);
  const accounts = places.flatMap(({ account, identifiers: own }) =>
    account === undefined
      ? []
      : [{ digest: account, subjects, identifiers: own.map(({ identifier }) => identifier) }],
  );
  if (accounts.length > 0 || subject === undefined) return accounts;
  // Of whoever is erased no account is left; what is kept of them is theirs by their number.
  if (identifiers.length === 0 || view.rows.some(({ record }) => record.state === 'retained'))
    return [{ digest: subjectDigest(prover, subject), subjects, identifiers }];
  const strength = ({ kind }: Identifier) => kindOf(prover.policy, kind)?.strength;
  const signIn = identifiers.filter((identifier) => strength(identifier) === 'account').slice(0, 1);
  const addresses = addressCounts ? identifiers.filter((one) => strength(one) === 'contact') : [];
  return (signIn.length > 0 ? signIn : addresses).map((identifier) => ({
    digest: identifierDigest(prover, identifier),
    subjects,
    identifiers: [identifier],
  }));
}

function which(candidates: readonly Candidate[]): UserError {
  return new UserError('which-account', `the person has ${candidates.length} accounts or addresses`, {
    problems: candidates.map(({ identifiers }) => ({
      message: identifiers.map(maskIdentifier).join(' '),
    })),
    hint: '--account kind:value says which of them was proved; the others are verified by themselves',
  });
}
