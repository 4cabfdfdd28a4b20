import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Node,
  parseDocument,
  type YAMLError,
  type YAMLMap,
} from 'yaml';
import { type Path, quoted } from './findings.ts';

/** Where a value of the file stands, and what it holds. */
export interface Place {
  readonly offset: number;
  readonly members: ReadonlyMap<string | number, { readonly keyOffset: number; readonly place: Place }>;
  /** True where a fault was found in the value itself, so that nothing more can be said of it. */
  readonly broken?: boolean;
}

/** A problem of the YAML text itself. */
export interface Fault {
  readonly offset: number;
  readonly message: string;
}

/** A YAML text as plain data, with the place of every value. */
export interface YamlTree {
  readonly value: unknown;
  readonly root: Place;
  readonly faults: readonly Fault[];
  /** False where the text is not YAML; then `value` says nothing. */
  readonly readable: boolean;
  /** Line and column of an offset, from 1. */
  readonly position: (offset: number) => { readonly line: number; readonly column: number };
}

const MAX_LENGTH = 256 * 1024;
const MAX_NODES = 50_000;
const FORBIDDEN = ['__proto__', 'constructor', 'prototype'];
const NOWHERE: Place = { offset: 0, members: new Map() };

/** Reads one YAML 1.2 document (core schema) and never throws; duplicate and dangerous keys, tags and alias bombs are faults. */
export function readYaml(text: string): YamlTree {
  const position = positionsIn(text);
  const unreadable = (faults: readonly Fault[]): YamlTree => ({
    value: undefined,
    root: NOWHERE,
    faults,
    readable: false,
    position,
  });
  if (text.length > MAX_LENGTH) return unreadable([{ offset: 0, message: 'the file is larger than 256 KB' }]);
  const document = parseDocument(text, {
    version: '1.2',
    schema: 'core',
    merge: false,
    uniqueKeys: false,
    prettyErrors: false,
  });
  if (document.errors.length > 0)
    return unreadable(syntaxFaults(document.errors, (offset) => position(offset).line));
  const reader = new TreeReader();
  const { value, place, size } = reader.read(document.contents);
  if (size > MAX_NODES)
    return unreadable([
      { offset: place.offset, message: 'the file has more than 50000 values, aliases written out' },
    ]);
  if (value === null && reader.faults.length === 0)
    return unreadable([{ offset: 0, message: 'the file is empty' }]);
  return { value, root: place, faults: reader.faults, readable: true, position };
}

// The line counter of the YAML library loses lines where a quote ends in a wrong place.
function positionsIn(text: string): YamlTree['position'] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return (offset) => {
    const inside = Math.min(offset, text.length);
    let [low, high] = [0, starts.length];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((starts[middle] ?? 0) <= inside) low = middle;
      else high = middle;
    }
    return { line: low + 1, column: inside - (starts[low] ?? 0) + 1 };
  };
}

/** The place of a value, or of the nearest value around it that the file has. */
export function findPlace(
  root: Place,
  path: Path,
): { readonly place: Place; readonly keyOffset: number; readonly found: Path } {
  let [place, keyOffset] = [root, root.offset];
  for (const [depth, part] of path.entries()) {
    const member = place.members.get(part);
    if (member === undefined) return { place, keyOffset, found: path.slice(0, depth) };
    ({ place, keyOffset } = member);
  }
  return { place, keyOffset, found: path };
}

// What follows the first fault of a line is mostly its echo.
function syntaxFaults(errors: readonly YAMLError[], lineOf: (offset: number) => number): Fault[] {
  const byLine = new Map<number, Fault>();
  for (const { code, pos } of errors) {
    const line = lineOf(pos[0]);
    if (!byLine.has(line))
      byLine.set(line, { offset: pos[0], message: SYNTAX[code] ?? 'this cannot be read as YAML' });
  }
  return [...byLine.values()];
}

const SYNTAX: Readonly<Record<string, string>> = {
  BAD_ALIAS: 'an alias has no name that can be read',
  BAD_DIRECTIVE: 'a line that starts with % cannot be read',
  BAD_DQ_ESCAPE: 'a backslash in double quotes starts an escape that YAML does not know; use single quotes',
  BAD_INDENT: 'the indentation is not right, or a bracket is not closed',
  BAD_SCALAR_START: 'a value cannot start with this character; put it in quotes',
  BLOCK_AS_IMPLICIT_KEY:
    'a list or a map cannot start on the line of its key; put it in brackets, or a text with a colon in quotes',
  BLOCK_IN_FLOW: 'lines with - or : cannot stand inside brackets',
  KEY_OVER_1024_CHARS: 'a key is longer than 1024 characters',
  MISSING_CHAR: 'a sign is missing: a comma, a colon with a space, a quote or a bracket',
  MULTILINE_IMPLICIT_KEY: 'a key must stand on one line',
  MULTIPLE_ANCHORS: 'a value cannot have two anchors',
  MULTIPLE_DOCS: 'only one document may stand in the file',
  MULTIPLE_TAGS: 'tags such as !!str are not allowed',
  RESOURCE_EXHAUSTION: 'lists and maps are nested too deeply',
  TAB_AS_INDENT: 'a tab cannot indent; use spaces',
  UNEXPECTED_TOKEN: 'this cannot stand here; is it indented rightly, or does a value need quotes?',
};

interface Read {
  readonly value: unknown;
  readonly place: Place;
  /** How many values it stands for, aliases written out. */
  readonly size: number;
}

class TreeReader {
  readonly faults: Fault[] = [];
  private readonly anchors = new Map<string, Read | undefined>();

  read(node: Node | null, offset = 0): Read {
    if (node === null) return { value: null, place: { offset, members: new Map() }, size: 1 };
    const at = node.range?.[0] ?? offset;
    if (isAlias(node)) return this.alias(node.source, at);
    const { anchor, tag } = node as { anchor?: string; tag?: string };
    if (tag !== undefined) this.faults.push({ offset: at, message: 'tags such as !!str are not allowed' });
    // An alias inside its own anchor finds nothing.
    if (anchor !== undefined) this.anchors.set(anchor, undefined);
    const content = this.content(node, at);
    const read = tag === undefined ? content : { ...content, place: { ...content.place, broken: true } };
    if (anchor !== undefined) this.anchors.set(anchor, read);
    return read;
  }

  private alias(name: string, offset: number): Read {
    const target = this.anchors.get(name);
    if (target !== undefined) return { ...target, place: { ...target.place, offset } };
    this.faults.push({ offset, message: `no value before this one is called &${quoted(name).slice(1, -1)}` });
    return { value: null, place: { offset, members: new Map(), broken: true }, size: 1 };
  }

  private content(node: Node, offset: number): Read {
    if (isMap(node)) return this.map(node, offset);
    if (isSeq(node)) {
      const items = node.items.map((item) => this.read(item as Node | null, offset));
      const members = new Map(items.map(({ place }, i) => [i, { keyOffset: place.offset, place }]));
      return { value: items.map(({ value }) => value), place: { offset, members }, size: sizeOf(items) };
    }
    return { value: isScalar(node) ? node.value : null, place: { offset, members: new Map() }, size: 1 };
  }

  private map(node: YAMLMap, offset: number): Read {
    const value: Record<string, unknown> = {};
    const members = new Map<string, { keyOffset: number; place: Place }>();
    const items: Read[] = [];
    for (const pair of node.items) {
      const keyNode = pair.key as Node | null;
      const keyOffset = keyNode?.range?.[0] ?? offset;
      const read = this.read(pair.value as Node | null, keyNode?.range?.[1] ?? keyOffset);
      items.push(read);
      const key = this.key(keyNode, keyOffset, members);
      if (key === undefined) continue;
      value[key] = read.value;
      members.set(key, { keyOffset, place: read.place });
    }
    return { value, place: { offset, members }, size: sizeOf(items) };
  }

  /** The text of a key as it is written, so that `2010:` is the column "2010". */
  private key(node: Node | null, offset: number, members: ReadonlyMap<string, unknown>): string | undefined {
    const message = keyFault(node, members);
    if (message === undefined) return keyText(node);
    this.faults.push({ offset, message });
    return undefined;
  }
}

function keyFault(node: Node | null, members: ReadonlyMap<string, unknown>): string | undefined {
  const { tag, anchor } = (node ?? {}) as { anchor?: string; tag?: string };
  if (tag !== undefined) return 'tags such as !!str are not allowed';
  if (anchor !== undefined) return 'a key cannot have an anchor';
  const key = keyText(node);
  if (key === undefined) return 'a key must be plain text';
  if (key === '') return 'a key must not be empty';
  if (FORBIDDEN.includes(key)) return `the key ${quoted(key)} is not allowed`;
  return members.has(key) ? `the key ${quoted(key)} stands here twice` : undefined;
}

function keyText(node: Node | null): string | undefined {
  if (node === null) return '';
  if (!isScalar(node)) return undefined;
  return typeof node.value === 'string' ? node.value : (node.source ?? '');
}

function sizeOf(items: readonly Read[]): number {
  return items.reduce((sum, { size }) => sum + size, 1);
}
