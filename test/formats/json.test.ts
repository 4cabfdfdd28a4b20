import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ExitCode } from '../../src/base/errors.ts';
import { MAX_RECORD_BYTES } from '../../src/formats/text.ts';
import type { TableFormat } from '../../src/policy/types.ts';
import { json, ndjson, objects, readChunks, refusalOf, summary } from './reading.ts';

function read(text: string | Buffer, ...path: string[]): unknown[] {
  return summary(readChunks(text, json(...path)));
}

describe('a JSON file', () => {
  it('gives each row its columns, its line and its text', () => {
    const rows = readChunks(
      '[\n{"id": 1, "tags": ["a", {"b": null}]},\n\n  {"id": 2, "tags": []}]\n',
      json(),
    );
    expect(rows).toEqual([
      {
        kind: 'row',
        line: 2,
        columns: ['id', 'tags'],
        values: [1, ['a', { b: null }]],
        raw: '{"id": 1, "tags": ["a", {"b": null}]}',
      },
      { kind: 'row', line: 4, columns: ['id', 'tags'], values: [2, []], raw: '{"id": 2, "tags": []}' },
    ]);
  });

  it('gives rows of one shape the same columns object, also when shapes alternate', () => {
    const rows = readChunks('[{"a":1},{"b":1},{"a":2},{"b":2},{"a":1,"b":2},{"b":2,"a":1}]', json());
    const columns = rows.map((row) => (row.kind === 'row' ? row.columns : []));
    expect(columns[0]).toBe(columns[2]);
    expect(columns[1]).toBe(columns[3]);
    expect(columns.slice(4)).toEqual([
      ['a', 'b'],
      ['b', 'a'],
    ]);
  });

  it.each([
    ['an array at the root', '[{"a":1}]', []],
    ['white space around everything', ' \r\n[ \t{ "a" : 1 } ]\n ', []],
    ['a path of one name', '{"Customer":[{"a":1}],"n":1}', ['Customer']],
    [
      'a path of two names',
      '{"v":[1,[2]],"data":{"x":{"rows":[]},"rows":[{"a":1}],"y":true}}',
      ['data', 'rows'],
    ],
    ['an escaped name on the path', '{"Cust\\u006fmer":[{"a":1}]}', ['Customer']],
    [
      'the name also in places that are not on the path',
      '{"x":{"rows":[{"a":0}]},"y":"rows","rows":[{"a":1}]}',
      ['rows'],
    ],
  ])('is read with %s', (_, text, path) => {
    expect(objects(readChunks(text, json(...path)))).toEqual([{ a: 1 }]);
  });

  it('may have no rows', () => {
    expect(read('[]')).toEqual([]);
    expect(read('{"rows": [ ]}', 'rows')).toEqual([]);
  });

  it('keeps numbers that JavaScript cannot hold as they are written', () => {
    const text =
      '[{"a":12345678901234567,"b":-9007199254740993,"c":1.0,"d":0.1,"e":1e3,"f":1.000000000000000001,"g":1e-400,"h":9007199254740991,"i":9007199254740992,"j":-0,"k":1.50}]';
    expect(objects(readChunks(text, json()))).toEqual([
      {
        a: '12345678901234567',
        b: '-9007199254740993',
        c: 1,
        d: 0.1,
        e: 1000,
        f: '1.000000000000000001',
        g: '1e-400',
        h: 9007199254740991,
        i: '9007199254740992',
        j: -0,
        k: 1.5,
      },
    ]);
  });
});

const deep = (levels: number) => `${'[{"a":'.repeat(levels / 2)}1${'}]'.repeat(levels / 2)}`;

describe('a bad JSON row is set aside and reading goes on', () => {
  const cases = [
    ['a number', '17', 'not an object'],
    ['a string', '"x"', 'not an object'],
    ['null', 'null', 'not an object'],
    ['an array', '[{"a":1}]', 'not an object'],
    ['a duplicate member', '{"a":1,"a":1}', 'duplicate member'],
    ['a duplicate member, written differently', '{"a":1,"\\u0061":1}', 'duplicate member'],
    ['a duplicate member deeper down', '{"a":[{"b":1,"b":2}]}', 'duplicate member'],
    ['a number out of range', '{"a":1e999}', 'number out of range'],
    ['a long number out of range', `{"a":-${'9'.repeat(400)}}`, 'number out of range'],
    ['half a character', '{"a":"\\ud800"}', 'half a character (a lone surrogate)'],
    ['half a character in a name', '{"\\udc00":1}', 'half a character (a lone surrogate)'],
    ['an escaped NUL', '{"a":"x\\u0000"}', 'NUL character'],
    ['__proto__', '{"__proto__":{"x":1}}', 'a member named __proto__'],
    ['__proto__ deeper down, escaped', '{"a":{"__pr\\u006fto__":1}}', 'a member named __proto__'],
    ['constructor', '{"constructor":1}', 'a member named constructor'],
    ['prototype', '{"prototype":1}', 'a member named prototype'],
    ['a member without a name', '{"":1}', 'a member without a name'],
    ['too deep', `{"a":${deep(64)}}`, 'nested deeper than 64 levels'],
    ['a missing comma', '{"a":1 "b":2}', 'not valid JSON'],
    ['a trailing comma', '{"a":1,}', 'not valid JSON'],
    ['a comment', '{"a":1/*x*/}', 'not valid JSON'],
    ['a wrong bracket', '{"a":1]', 'not valid JSON'],
    ['a leading zero', '{"a":01}', 'not valid JSON'],
    ['a word that is none', '{"a":nul}', 'not valid JSON'],
    ['a bad escape', '{"a":"\\x"}', 'not valid JSON'],
    ['a control character', '{"a":"x\u0001"}', 'not valid JSON'],
    ['a NUL byte', '{"a":"x\0"}', 'NUL byte'],
  ] as const;

  it.each(cases)('%s', (_, element, reason) => {
    const raw = element.replace('\0', '\\x00');
    const rows = readChunks(`[\n{"a":1},\n${element},\n{"a":2}]`, json());
    expect(rows[1]).toEqual({ kind: 'bad', line: 3, reason, raw });
    expect([summary(rows)[0], summary(rows)[2]]).toEqual([[1], [2]]);
    expect(readChunks(`{"a":1}\n\n${element}\n{"a":2}`, ndjson)[1]).toEqual({
      kind: 'bad',
      line: 3,
      reason,
      raw,
    });
  });

  it('a row of exactly 64 levels is no such row', () => {
    expect(read(`[{"a":{"b":${deep(62)}}}]`)).toHaveLength(1);
  });

  it('a byte that is no UTF-8', () => {
    const bytes = Buffer.concat([
      Buffer.from('[{"a":"'),
      Buffer.from([0xff]),
      Buffer.from('"},\n{"a":"é"}]'),
    ]);
    expect(read(bytes)).toEqual(['1: broken utf-8', ['é']]);
    expect(readChunks(bytes, json())[0]?.raw).toBe('{"a":"\\xff"}');
  });

  it.each([
    ['a long string', `"${'x'.repeat(MAX_RECORD_BYTES)}"`],
    ['a long string of backslashes and quotes', `"${'\\\\\\"'.repeat(MAX_RECORD_BYTES / 4)}"`],
    ['a long array over many lines', `[${'1,\n'.repeat(MAX_RECORD_BYTES)}2]`],
    ['a deep one', `${'['.repeat(MAX_RECORD_BYTES)}${']'.repeat(MAX_RECORD_BYTES)}`],
  ])('%s, cut to its beginning, whatever the chunks', (_, value) => {
    const text = `[{"a":${value}},\n{"b":1}]`;
    const bad = { kind: 'bad', line: 1, reason: 'longer than 1 MiB', raw: text.slice(1, 1 + 1024) };
    for (const size of [16_383, 65_537, 1 << 24]) {
      const rows = readChunks(text, json(), size);
      expect(rows[0]).toEqual(bad);
      expect(rows[1]).toMatchObject({ kind: 'row', line: value.split('\n').length + 1, values: [1] });
      expect(rows).toHaveLength(2);
    }
  });

  it('a long NDJSON line, cut to its beginning, whatever the chunks', () => {
    const text = `{"a":"${'x'.repeat(MAX_RECORD_BYTES)}"}\n{"b":1}\n`;
    for (const size of [16_383, 1 << 24]) {
      const rows = readChunks(text, ndjson, size);
      expect(rows[0]).toEqual({
        kind: 'bad',
        line: 1,
        reason: 'longer than 1 MiB',
        raw: text.slice(0, 1024),
      });
      expect(rows.slice(1)).toMatchObject([{ kind: 'row', line: 2, values: [1] }]);
    }
  });
});

describe('a JSON file is refused', () => {
  it.each([
    ['nothing but white space', ' \n\n', [], 'empty-file', 'rows.json: holds no JSON'],
    ['an object at the root', '\n {"a":1}', [], 'json-path', 'rows.json:2:2: expected the array of rows'],
    ['a number at the root', '12', [], 'json-path', 'rows.json:1:1: expected the array of rows'],
    [
      'an array on the way',
      '{"a":[]}',
      ['a', 'b'],
      'json-path',
      'rows.json:1:6: expected the object that leads to the rows',
    ],
    [
      'an object where the rows should be',
      '{"a":\n{}}',
      ['a'],
      'json-path',
      'rows.json:2:1: expected the array of rows',
    ],
    [
      'nothing under the path',
      '{"a":{}}',
      ['a', 'b'],
      'json-path',
      'rows.json: holds nothing under the path of its source',
    ],
    [
      'the path twice',
      '{"a":[],\n"a":[]}',
      ['a'],
      'json-path',
      'rows.json:2:4: the path of the source leads here a second time',
    ],
    ['garbage behind the array', '[{"a":1}]\nx', [], 'json-invalid', 'rows.json:2:1: expected the end'],
    ['a second array', '[{"a":1}][]', [], 'json-invalid', 'rows.json:1:10: expected the end'],
    ['a missing comma', '[{"a":1}\n{"a":2}]', [], 'json-invalid', 'rows.json:2:1: expected , or ]'],
    ['two commas', '[{"a":1},,{"a":2}]', [], 'json-invalid', 'rows.json:1:10: expected a value'],
    ['a trailing comma', '[{"a":1},]', [], 'json-invalid', 'rows.json:1:10: expected a value'],
    ['a leading comma', '[,{"a":1}]', [], 'json-invalid', 'rows.json:1:2: expected a value or ]'],
    ['a wrong bracket', '[{"a":1}}', [], 'json-invalid', 'rows.json:1:9: expected , or ]'],
    ['a comment', '[{"a":1}] // x', [], 'json-invalid', 'rows.json:1:11: expected the end'],
    [
      'a member without quotes',
      '{rows:[]}',
      ['rows'],
      'json-invalid',
      'rows.json:1:2: expected a member name or }',
    ],
    ['a missing colon', '{"rows" []}', ['rows'], 'json-invalid', 'rows.json:1:9: expected :'],
    [
      'a trailing comma in the root',
      '{"rows":[],}',
      ['rows'],
      'json-invalid',
      'rows.json:1:12: expected a member name',
    ],
    [
      'a bad word in another member',
      '{"rows":[],\n"x":[1,{"y":nil}]}',
      ['rows'],
      'json-invalid',
      'rows.json:2:13: not valid JSON',
    ],
    [
      'a bad string in another member',
      '{"x":"\t","rows":[]}',
      ['rows'],
      'json-invalid',
      'rows.json:1:6: not valid JSON',
    ],
    [
      'a bad number in another member',
      '{"x":1.,"rows":[]}',
      ['rows'],
      'json-invalid',
      'rows.json:1:6: not valid JSON',
    ],
    ['a NUL in a member name', '{"x\0":1,"rows":[]}', ['rows'], 'json-invalid', 'rows.json:1:2: NUL byte'],
    [
      'another member that is too deep',
      `{"x":${'['.repeat(64)}`,
      ['rows'],
      'json-too-deep',
      'rows.json:1:69: nested deeper than 64 levels',
    ],
    [
      'another member that is too long',
      `{"x":"${'y'.repeat(MAX_RECORD_BYTES)}`,
      ['rows'],
      'json-too-long',
      'rows.json:1:6: a value longer than 1 MiB',
    ],
    [
      'an end inside a row',
      '[{"a":1},\n {"a":',
      [],
      'json-ends-early',
      'rows.json:2:2: the file ends inside the row that begins here',
    ],
    [
      'an end behind a row',
      '[{"a":1}\n',
      [],
      'json-ends-early',
      'rows.json:2:1: the file ends where , or ] is expected',
    ],
    [
      'an end inside another member',
      '{"rows":[],"x":"y',
      ['rows'],
      'json-ends-early',
      'rows.json:1:16: the file ends where a value is expected',
    ],
    [
      'an end before the last bracket',
      '{"rows":[]',
      ['rows'],
      'json-ends-early',
      'rows.json:1:11: the file ends where , or } is expected',
    ],
  ] as const)('with %s', async (_, text, path, code, message) => {
    for (const size of [1, 1 << 24]) {
      if (size === 1 && text.length > 1000) continue;
      const refusal = await refusalOf(() => readChunks(text, json(...path), size));
      expect({ code: refusal.code, message: refusal.message, exit: refusal.exit }).toEqual({
        code,
        message,
        exit: ExitCode.badInput,
      });
    }
  });

  it('with a hint where it is an object or NDJSON', async () => {
    expect((await refusalOf(() => read('{"a":1}\n{"a":2}\n'))).hint).toContain('ndjson');
  });
});

describe('an NDJSON file', () => {
  it('gives a row per line, blank lines being none', () => {
    const rows = readChunks('\ufeff{"a":1}\r\n\n \t\n{"a":2}', ndjson);
    expect(rows).toEqual([
      { kind: 'row', line: 1, columns: ['a'], values: [1], raw: '{"a":1}' },
      { kind: 'row', line: 4, columns: ['a'], values: [2], raw: '{"a":2}' },
    ]);
  });

  it('sets aside a line of two values and half a line', () => {
    expect(summary(readChunks('{"a":1}{"a":2}\n{"a":\n1}\n{"a":3}\n', ndjson))).toEqual([
      '1: not valid JSON',
      '2: not valid JSON',
      '3: not valid JSON',
      [3],
    ]);
  });

  it('is refused without any row', async () => {
    expect(await refusalOf(() => readChunks('\n\n', ndjson))).toMatchObject({
      code: 'empty-file',
      exit: ExitCode.badInput,
    });
  });
});

const anyRow = fc.dictionary(fc.string({ minLength: 1 }), fc.jsonValue({ maxDepth: 3 }), {
  maxKeys: 5,
  noNullPrototype: true,
});
// Without what is set aside, and without integers that become text.
const safeRow = anyRow.filter(
  (row) => !/constructor|prototype|__proto__|\\u0000|\\ud|(?<!\.)\d{16}/.test(JSON.stringify(row)),
);

describe('any JSON', () => {
  it('that JSON.stringify writes is read back, whatever the chunks and the white space', () => {
    fc.assert(
      fc.property(
        fc.array(safeRow, { minLength: 1 }),
        fc.integer({ min: 0, max: 2 }),
        fc.integer({ min: 1, max: 9 }),
        (rows, indent, size) => {
          const expected: unknown = JSON.parse(JSON.stringify(rows));
          expect(objects(readChunks(JSON.stringify(rows, null, indent), json(), size))).toEqual(expected);
          expect(
            objects(readChunks(JSON.stringify({ n: [rows], rows }, null, indent), json('rows'), size)),
          ).toEqual(expected);
          const lines = rows.map((row) => `${JSON.stringify(row)}\n`).join('');
          expect(objects(readChunks(lines, ndjson, size))).toEqual(expected);
        },
      ),
    );
  });

  it('is accepted beside the rows where JSON.parse accepts it, and nowhere else', () => {
    const text = fc.string({
      unit: fc.constantFrom('[', ']', '{', '}', '"', ',', ':', '1', 'a', ' ', '\\'),
      maxLength: 16,
    });
    fc.assert(
      fc.property(text, (body) => {
        const document = `{"x":${body},"rows":[]}`;
        const isRead = attempt(() => readChunks(document, json('rows'))) !== undefined;
        const isJson = attempt(() => JSON.parse(document)) !== undefined;
        expect(isRead).toBe(isJson);
      }),
      { numRuns: 3000 },
    );
  });

  it('gives the same rows whatever the chunks', () => {
    const part = fc.constantFrom(
      '[',
      ']',
      '{',
      '}',
      '"',
      ',',
      ':',
      '1',
      'a',
      '\n',
      '\\',
      '"a"',
      '{"a":1}',
      '\0',
      'é',
      '{"a":"\\""}',
    );
    const text = fc.array(part, { maxLength: 20 }).map((parts) => `[${parts.join('')}`);
    const formats: readonly TableFormat[] = [json(), ndjson];
    fc.assert(
      fc.property(text, fc.constantFrom(...formats), (body, format) => {
        const whole = attempt(() => readChunks(body, format));
        for (const size of [1, 2, 7]) expect(attempt(() => readChunks(body, format, size))).toEqual(whole);
      }),
      { numRuns: 2000 },
    );
  });
});

function attempt<T>(act: () => T): T | undefined {
  try {
    return act();
  } catch {
    return undefined;
  }
}
