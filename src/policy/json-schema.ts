import { z } from 'zod';
import type { Json } from '../base/json.ts';
import { policyFile } from './schema.ts';

const LINE_WIDTH = 110;

/** The JSON Schema (draft 2020-12) of the policy file, for editors. */
export function policyJsonSchema(): { readonly [key: string]: Json } {
  const { $schema, ...schema } = z.toJSONSchema(policyFile, { target: 'draft-2020-12', io: 'input' });
  return {
    $schema: $schema ?? '',
    $id: 'urn:dsr:policy-file',
    title: 'dsr policy file',
    description: 'dsr.yaml: the data map of a service and its executable privacy policy.',
    ...(schema as { readonly [key: string]: Json }),
  };
}

/** The text of `dsr.schema.json`, short lists on one line as the formatter has them. */
export function renderPolicyJsonSchema(): string {
  const text = JSON.stringify(policyJsonSchema(), undefined, 2);
  const lists = /^( *"\w+": )\[\n([^[\]{}]*)\n *\](,?)$/gm;
  const short = text.replace(lists, (list: string, key: string, items: string, comma: string) => {
    const line = `${key}[${items.trim().replace(/\n */g, ' ')}]${comma}`;
    return line.length <= LINE_WIDTH ? line : list;
  });
  return `${short}\n`;
}
