import type { Policy, PolicyFiles } from '../policy/types.ts';
import { elementsOf } from './elements.ts';
import { isLetterKind, type LetterKind } from './kinds.ts';
import { parseTemplate, type TemplateFault, type TemplateNode } from './template.ts';

/** A mistake in a template file that a policy names. */
export interface TemplateProblem extends TemplateFault {
  readonly file: string;
}

/**
 * What is wrong with the templates that a policy brings along: names that no letter knows and open tags at
 * their places, and what a law of the controller demands and the template can never say at its beginning.
 */
export function listTemplateProblems(policy: Policy, files: PolicyFiles): readonly TemplateProblem[] {
  return Object.entries(policy.letters).flatMap(([kind, file]) => {
    const text = files[file];
    return text === undefined || !isLetterKind(kind) ? [] : problemsOf(kind, file, text, policy);
  });
}

function problemsOf(kind: LetterKind, file: string, text: string, { controller }: Policy): TemplateProblem[] {
  const { nodes, faults } = parseTemplate(text);
  if (faults.length > 0) return faults.map((fault) => ({ file, ...fault }));
  const named = new Set(namesIn(nodes, undefined));
  const elements = new Set(controller.regimes.flatMap((regime) => elementsOf(kind, regime)));
  return [...elements]
    .filter(({ names }) => !names.some((name) => named.has(name)))
    .map(({ element, names, rule }) => ({
      ...{ file, line: 1, column: 1 },
      message: `a letter of kind ${kind} leaves out ${element}, which ${rule} demands: {{${names[0]?.split('.').at(-1) ?? ''}}}`,
    }));
}

/** Names whose value a template puts in: `authority`, within a list `remains.until`. */
function namesIn(nodes: readonly TemplateNode[], list: string | undefined): readonly string[] {
  return nodes.flatMap((node) => {
    if (node.kind === 'text') return [];
    if (node.kind === 'value') return list === undefined ? [node.name] : [node.name, `${list}.${node.name}`];
    return namesIn(node.inner, node.kind === 'each' ? node.name : list);
  });
}
