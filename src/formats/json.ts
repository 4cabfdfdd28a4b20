import type { UserError } from '../base/errors.ts';
import type { JsonFormat } from '../policy/types.ts';
import { badFile } from './fault.ts';
import { badJsonRow, JsonRows } from './json-row.ts';
import { closingQuote, JsonScan } from './json-scan.ts';
import { MAX_DEPTH, parseJsonText, parseScanned } from './json-value.ts';
import type { RowReader, TableItem } from './rows.ts';
import { isTooLong, MAX_RECORD_BYTES, RAW_KEPT, TOO_LONG } from './text.ts';
import { TextCursor } from './text-cursor.ts';

/**
 * Reads the objects of an array: the document itself, or what stands under `path`. The whole
 * document must be JSON: only an element of that array can be set aside, anything else that is
 * wrong refuses the file with line and column.
 */
export function createJsonReader(format: JsonFormat, file: string): RowReader {
  return new JsonReader(format, file);
}

type Expected =
  | 'a value'
  | 'a value or ]'
  | 'a member name'
  | 'a member name or }'
  | ':'
  | ', or ]'
  | ', or }'
  | 'the end';

interface Frame {
  readonly kind: 'array' | 'object';
  /** How many names of the path lead here; undefined off the path. */
  readonly onPath: number | undefined;
  /** Whether the next name of the path was met. */
  isPassed: boolean;
}

/** A row whose end has not been found yet. */
interface Element {
  readonly line: number;
  /** Its beginning, once it is too long. */
  long: string | undefined;
}

class JsonReader implements RowReader {
  readonly #format: JsonFormat;
  readonly #file: string;
  readonly #rows = new JsonRows();
  readonly #scan = new JsonScan();
  readonly #frames: Frame[] = [];
  readonly #cursor = new TextCursor();
  #expected: Expected = 'a value';
  /** As in a frame, for the value that comes next. */
  #onPath: number | undefined = 0;
  #isFound = false;
  #element: Element | undefined;

  constructor(format: JsonFormat, file: string) {
    this.#format = format;
    this.#file = file;
  }

  push(text: string, rows: TableItem[]): void {
    this.#scan.rebase(this.#cursor.feed(text));
    while (this.#step(rows));
  }

  end(): void {
    this.#cursor.skipSpace();
    if (this.#expected === 'a value' && this.#frames.length === 0) {
      throw badFile('empty-file', { file: this.#file }, 'holds no JSON');
    }
    if (this.#element !== undefined)
      throw this.#fault('json-ends-early', 'the file ends inside the row that begins here');
    if (this.#expected !== 'the end')
      throw this.#fault('json-ends-early', `the file ends where ${this.#expected} is expected`);
    if (!this.#isFound)
      throw badFile('json-path', { file: this.#file }, 'holds nothing under the path of its source');
  }

  lineReached(): number {
    return this.#cursor.line;
  }

  columns(): undefined {
    return undefined;
  }

  /** Takes one token or row; false where more text is needed. */
  #step(rows: TableItem[]): boolean {
    if (this.#element !== undefined) return this.#readElement(this.#element, rows);
    this.#cursor.skipSpace();
    const char = this.#cursor.char;
    if (char === '') return false;
    switch (this.#expected) {
      case 'a value':
        return this.#readValue(char);
      case 'a value or ]':
        return char === ']' ? this.#close() : this.#readValue(char);
      case 'a member name':
        return this.#readName(char);
      case 'a member name or }':
        return char === '}' ? this.#close() : this.#readName(char);
      case ':':
        return this.#pass(char === ':', 'a value');
      case ', or ]':
        return char === ']' ? this.#close() : this.#pass(char === ',', 'a value');
      case ', or }':
        return char === '}' ? this.#close() : this.#pass(char === ',', 'a member name');
      case 'the end':
        throw this.#unexpected();
    }
  }

  #pass(isRight: boolean, next: Expected): true {
    if (!isRight) throw this.#unexpected();
    this.#cursor.advance(1);
    this.#expected = next;
    return true;
  }

  #readValue(char: string): boolean {
    if (this.#isRows(this.#frames.at(-1))) return this.#startElement(char);
    this.#requirePath(char);
    if (this.#passWhole(char)) return true;
    if (char === '{') return this.#open('object', 'a member name or }');
    if (char === '[') return this.#open('array', 'a value or ]');
    if (this.#readToken(char) === undefined) return false;
    this.#afterValue();
    return true;
  }

  /**
   * Passes an object or array off the path in one step, where all of it is here and faultless;
   * otherwise it is walked through, which finds the place of a fault.
   */
  #passWhole(char: string): boolean {
    if (this.#onPath !== undefined || (char !== '{' && char !== '[')) return false;
    const { text, at } = this.#cursor;
    this.#scan.start(at);
    const end = this.#scan.run(text);
    const isShallow = this.#frames.length + this.#scan.deepest <= MAX_DEPTH;
    if (end < 0 || end - at > MAX_RECORD_BYTES || !isShallow) return false;
    const parsed = parseScanned(text.slice(at, end), this.#scan, this.#format.encoding);
    if (parsed.kind === 'bad') return false;
    this.#cursor.advance(end - at);
    this.#afterValue();
    return true;
  }

  #isRows(frame: Frame | undefined): boolean {
    return frame?.kind === 'array' && frame.onPath === this.#format.path.length;
  }

  /** What lies on the way to the rows must be an object, and the rows an array. */
  #requirePath(char: string): void {
    if (this.#onPath === undefined) return;
    const isLast = this.#onPath === this.#format.path.length;
    if (char === (isLast ? '[' : '{')) return;
    const hint =
      this.#onPath === 0 && char === '{'
        ? "name the member that holds the rows (path: in the source's format), or write format: ndjson"
        : undefined;
    throw this.#fault(
      'json-path',
      isLast ? 'expected the array of rows' : 'expected the object that leads to the rows',
      hint,
    );
  }

  #open(kind: Frame['kind'], next: Expected): true {
    if (this.#frames.length === MAX_DEPTH)
      throw this.#fault('json-too-deep', `nested deeper than ${MAX_DEPTH} levels`);
    this.#frames.push({ kind, onPath: this.#onPath, isPassed: false });
    this.#onPath = undefined;
    return this.#pass(true, next);
  }

  #close(): true {
    const frame = this.#frames.pop();
    this.#isFound ||= this.#isRows(frame);
    this.#cursor.advance(1);
    this.#afterValue();
    return true;
  }

  #afterValue(): void {
    const frame = this.#frames.at(-1);
    this.#onPath = undefined;
    if (frame === undefined) this.#expected = 'the end';
    else this.#expected = frame.kind === 'array' ? ', or ]' : ', or }';
  }

  #readName(char: string): boolean {
    if (char !== '"') throw this.#unexpected();
    const frame = this.#frames.at(-1);
    const token = this.#readToken(char);
    if (token === undefined) return false;
    if (frame?.onPath !== undefined && token.value === this.#format.path[frame.onPath]) {
      if (frame.isPassed) throw this.#fault('json-path', 'the path of the source leads here a second time');
      frame.isPassed = true;
      this.#onPath = frame.onPath + 1;
    }
    this.#expected = ':';
    return true;
  }

  /** Reads a string, number or word; undefined where more text is needed. */
  #readToken(char: string): { readonly value: unknown } | undefined {
    const { text, at } = this.#cursor;
    const end = char === '"' ? stringEnd(text, at) : wordEnd(text, at);
    if (end === at) throw this.#unexpected();
    if (end < 0) {
      if (isTooLong(text.slice(at))) throw this.#fault('json-too-long', `a value ${TOO_LONG}`);
      return undefined;
    }
    const parsed = parseJsonText(text.slice(at, end), this.#format.encoding);
    if (parsed.kind === 'bad') throw this.#fault('json-invalid', parsed.reason);
    this.#cursor.advance(end - at);
    return parsed;
  }

  #startElement(char: string): true {
    if (',:]}'.includes(char)) throw this.#unexpected();
    this.#scan.start(this.#cursor.at);
    this.#element = { line: this.#cursor.line, long: undefined };
    return true;
  }

  #readElement(element: Element, rows: TableItem[]): boolean {
    const { text, at } = this.#cursor;
    const end = this.#scan.run(text);
    const raw = text.slice(at, end < 0 ? text.length : end);
    if (element.long === undefined && isTooLong(raw)) element.long = raw.slice(0, RAW_KEPT);
    if (end < 0) {
      if (element.long !== undefined) this.#cursor.advance(raw.length - this.#scan.heldBack(text));
      return false;
    }
    rows.push(this.#rowOf(element, raw));
    this.#cursor.advance(end - at);
    this.#element = undefined;
    this.#afterValue();
    return true;
  }

  #rowOf({ line, long }: Element, raw: string): TableItem {
    if (long !== undefined) return badJsonRow(line, TOO_LONG, long);
    return this.#rows.rowOf(parseScanned(raw, this.#scan, this.#format.encoding), line, raw);
  }

  #unexpected(): UserError {
    return this.#fault('json-invalid', `expected ${this.#expected}`);
  }

  #fault(code: string, message: string, hint?: string): UserError {
    const { line, column } = this.#cursor;
    return badFile(code, { file: this.#file, line, column }, message, hint);
  }
}

/** Index behind a string; -1 where the text ends first. */
function stringEnd(text: string, from: number): number {
  const quote = closingQuote(text, from + 1);
  return quote < 0 ? -1 : quote + 1;
}

/** Index behind a number or word; -1 where the text ends first. */
function wordEnd(text: string, from: number): number {
  const length = text.slice(from).search(/[\s,:\]}"[{]/);
  return length < 0 ? -1 : from + length;
}
