import { isObject, type JsonText } from './json-value.ts';
import { isForbiddenName, type TableItem } from './rows.ts';
import { renderRaw } from './text.ts';

const MOST_SHAPES = 1000;
const LONGEST_SHAPE = 10_000;

interface Shape {
  readonly columns: readonly string[];
  readonly fault: string | undefined;
}

/** Makes rows of JSON objects; objects with the same members in the same order share their `columns`. */
export class JsonRows {
  readonly #shapes = new Map<string, Shape>();
  #latest: Shape = { columns: [], fault: undefined };

  /** The row of one parsed element, or the bad row that it makes. */
  rowOf(parsed: JsonText, line: number, raw: string): TableItem {
    if (parsed.kind === 'bad') return badJsonRow(line, parsed.reason, raw);
    if (!isObject(parsed.value)) return badJsonRow(line, 'not an object', raw);
    if (parsed.rowFault !== undefined) return badJsonRow(line, parsed.rowFault, raw);
    const { columns, fault } = this.#shapeOf(Object.keys(parsed.value));
    if (fault !== undefined) return badJsonRow(line, fault, raw);
    return { kind: 'row', line, columns, values: Object.values(parsed.value), raw };
  }

  #shapeOf(names: readonly string[]): Shape {
    if (!isSame(this.#latest.columns, names)) this.#latest = this.#findShape(names);
    return this.#latest;
  }

  #findShape(names: readonly string[]): Shape {
    const key = JSON.stringify(names);
    const known = this.#shapes.get(key);
    if (known !== undefined) return known;
    const shape = { columns: names, fault: nameFault(names) };
    // A file in which every row is different may not fill the memory.
    if (this.#shapes.size >= MOST_SHAPES) this.#shapes.clear();
    if (key.length <= LONGEST_SHAPE) this.#shapes.set(key, shape);
    return shape;
  }
}

/** A JSON row that is set aside. */
export function badJsonRow(line: number, reason: string, raw: string): TableItem {
  return { kind: 'bad', line, reason, raw: renderRaw(raw) };
}

function nameFault(names: readonly string[]): string | undefined {
  if (names.includes('')) return 'a member without a name';
  const forbidden = names.find(isForbiddenName);
  return forbidden === undefined ? undefined : `a member named ${forbidden}`;
}

function isSame(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((name, index) => name === b[index]);
}
