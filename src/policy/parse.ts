import { badInput, type Problem, type UserError } from '../base/errors.ts';
import { draftOf } from './draft.ts';
import { type Finding, renderPath } from './findings.ts';
import { normalisePolicy } from './normalise.ts';
import { listRuleFaults } from './rules.ts';
import type { PolicyFile } from './schema.ts';
import { listShapeFaults } from './shape.ts';
import { type Fault, findPlace, readYaml, type YamlTree } from './tree.ts';
import type { Policy } from './types.ts';

/** The policy that the text of a file means; throws `policy-invalid` with all its problems, in the order of the file. */
export function parsePolicy(text: string, file: string): Policy {
  const tree = readYaml(text);
  if (!tree.readable) throw invalid(file, tree, tree.faults);
  const shape = listShapeFaults(tree.value);
  const rules = listRuleFaults(draftOf(tree.value, shape));
  const faults = [...tree.faults, ...[...shape, ...rules].flatMap((finding) => placed(finding, tree))];
  if (faults.length > 0) throw invalid(file, tree, faults);
  // The value itself, not what zod gives back: its keys stand in the order of the file.
  return normalisePolicy(tree.value as PolicyFile);
}

function placed({ path, place, on, message }: Finding, { root }: YamlTree): Fault[] {
  const at = findPlace(root, place);
  if (on === 'value' && at.place.broken) return [];
  const where = renderPath(findPlace(root, path).found);
  const offset = on === 'key' ? at.keyOffset : at.place.offset;
  return [{ offset, message: where === '' ? message : `${where}: ${message}` }];
}

function invalid(file: string, { position }: YamlTree, faults: readonly Fault[]): UserError {
  const problems: Problem[] = faults
    .toSorted((a, b) => a.offset - b.offset)
    .map(({ offset, message }) => ({ file, ...position(offset), message }));
  const count = problems.length === 1 ? '1 problem' : `${problems.length} problems`;
  return badInput('policy-invalid', `${file} has ${count}`, { problems });
}
