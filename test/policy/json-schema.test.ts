import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { policyJsonSchema, renderPolicyJsonSchema } from '../../src/policy/json-schema.ts';

type Schema = { readonly [key: string]: unknown };

function isSchema(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Every `properties` map inside a schema, with where it stands. */
function listObjects(schema: unknown, path = '$'): { readonly path: string; readonly schema: Schema }[] {
  if (Array.isArray(schema)) return schema.flatMap((item, i) => listObjects(item, `${path}[${i}]`));
  if (!isSchema(schema)) return [];
  const inner = Object.entries(schema).flatMap(([key, value]) => listObjects(value, `${path}.${key}`));
  return isSchema(schema.properties) && schema.type === 'object' ? [{ path, schema }, ...inner] : inner;
}

function listPatterns(schema: unknown): string[] {
  if (Array.isArray(schema)) return schema.flatMap(listPatterns);
  if (!isSchema(schema)) return [];
  const own = typeof schema.pattern === 'string' ? [schema.pattern] : [];
  return [...own, ...Object.values(schema).flatMap(listPatterns)];
}

describe('the published JSON Schema', () => {
  const schema = policyJsonSchema();
  const objects = listObjects(schema);

  it('is the one that the grammar gives; `npm run schema` writes it', () => {
    const file = join(import.meta.dirname, '../../src/policy/dsr.schema.json');
    expect(readFileSync(file, 'utf8')).toBe(renderPolicyJsonSchema());
  });

  it('says which draft it follows and what it is for', () => {
    expect(schema).toMatchObject({
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      $id: 'urn:dsr:policy-file',
      title: 'dsr policy file',
      type: 'object',
      required: ['controller', 'effective', 'sources', 'categories'],
    });
  });

  it('describes every key of the grammar', () => {
    const bare = objects.flatMap(({ path, schema: { properties } }) =>
      Object.entries(properties as Schema)
        .filter(([, value]) => !isSchema(value) || !/^\S.*[.…]$/.test(String(value.description)))
        .map(([key]) => `${path}.${key}`),
    );
    expect(bare).toEqual([]);
    expect(objects.length).toBeGreaterThan(20);
  });

  it('refuses unknown keys in every map of known keys', () => {
    expect(
      objects.filter((object) => object.schema.additionalProperties !== false).map(({ path }) => path),
    ).toEqual([]);
  });

  it('has patterns that every JSON Schema program can read', () => {
    const patterns = listPatterns(schema);
    expect(patterns.length).toBeGreaterThan(10);
    for (const pattern of patterns) expect(() => new RegExp(pattern, 'u')).not.toThrow();
  });

  it('has the sections of the policy file', () => {
    expect(Object.keys(schema.properties as Schema)).toEqual([
      'controller',
      'effective',
      'children',
      'identifiers',
      'sources',
      'categories',
      'purposes',
      'recipients',
      'transfers',
      'backups',
      'limits',
      'deadlines',
      'staff',
      'four_eyes',
      'waiting',
      'verification',
      'letters',
      'intake',
      'protocols',
    ]);
  });
});
