// biome-ignore lint/style/noRestrictedImports: a program of its own; nothing imports it.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { renderPolicyJsonSchema } from './json-schema.ts';

// `npm run schema`: from dist/policy or src/policy back to the sources.
writeFileSync(join(import.meta.dirname, '../../src/policy/dsr.schema.json'), renderPolicyJsonSchema());
