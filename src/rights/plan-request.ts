import { refused } from '../base/errors.ts';
import { planDigest } from '../plan/digest.ts';
import { isErasing, type Plan, type Right } from '../plan/plan.ts';
import type { Strength } from '../policy/types.ts';
import type { AccessLevel, FieldEdit, ParentalAction, RequestType } from '../store/registers.ts';
import { accessItems } from './access.ts';
import { deletionGroups } from './delete.ts';
import { editGroups } from './edit.ts';
import { stopGroups } from './parental-review.ts';
import type { PlanContext, SubjectView } from './view.ts';

/** What is asked for, in the words of the request. */
export interface Wish {
  readonly type: RequestType;
  readonly parental: ParentalAction | undefined;
  readonly level: AccessLevel;
  readonly edits: readonly FieldEdit[];
  /** Grounds for keeping that staff declare, beside those that the rows give. */
  readonly grounds: readonly string[];
}

/** What dsr carries out itself, and as which right; portability gives what access gives (GDPR Art. 20). */
const RIGHTS: Readonly<Partial<Record<RequestType, Right>>> = {
  access: 'access',
  portability: 'access',
  edit: 'edit',
  delete: 'delete',
  'parental-review': 'parental-review',
};

function notPlanned(type: RequestType): never {
  throw refused(
    'nothing-to-plan',
    `dsr carries out no ${type} by itself`,
    'do it where it belongs, then say so with dsr request sent R-… --as answer',
  );
}

/** The plan of a request: the same view, wish and context give the same digest. */
export function planRequest(view: SubjectView, wish: Wish, context: PlanContext): Plan {
  const decided = { ...NOTHING, ...decide(view, wish, context) };
  const plan = {
    right: RIGHTS[wish.type] ?? notPlanned(wish.type),
    parental: wish.parental,
    level: RIGHTS[wish.type] === 'access' || wish.parental === 'review' ? wish.level : undefined,
    subject: view.subject,
    policyVersion: context.policyVersion,
    instant: context.instant,
    notes: view.notes,
    ...decided,
  };
  return { ...plan, digest: planDigest(plan, context.seal) };
}

type Decided = Pick<Plan, 'items' | 'changes' | 'orders' | 'suppress' | 'permittedRemains'>;

const NOTHING: Decided = { items: [], changes: [], orders: [], suppress: [], permittedRemains: [] };

function decide(view: SubjectView, wish: Wish, context: PlanContext): Partial<Decided> {
  switch (wish.parental ?? wish.type) {
    case 'access':
    case 'portability':
    case 'describe':
    case 'review':
      return { items: accessItems(view, context.policy) };
    case 'edit':
      return view.subject === undefined ? {} : editGroups(view, wish.edits, context.policy);
    case 'delete': {
      const groups = deletionGroups(view, wish.grounds, context);
      // Where all is held nobody is erased, and exports go on being loaded.
      return { ...groups, suppress: groups.items.some(isErasing) ? strong(view, context, ERASED) : [] };
    }
    case 'stop':
      return { ...stopGroups(view, context), suppress: strong(view, context, STOPPED) };
    case 'parental-review':
      throw new Error('a parental review without an action');
    default:
      return notPlanned(wish.type);
  }
}

// By a device of an erased person the gate only asks; a stop leaves nothing to ask about, and others may use it.
const ERASED: ReadonlySet<Strength | undefined> = new Set(['account', 'contact', 'device']);
const STOPPED: ReadonlySet<Strength | undefined> = new Set(['account', 'contact']);

function strong(
  { identifiers }: SubjectView,
  { policy }: PlanContext,
  strengths: ReadonlySet<Strength | undefined>,
): Plan['suppress'] {
  return identifiers.filter(({ kind }) => strengths.has(policy.identifiers[kind]?.strength));
}
