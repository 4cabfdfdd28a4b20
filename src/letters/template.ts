import { didYouMean } from '../policy/words.ts';
import { memberOf, shapeOf, VOCABULARY } from './vocabulary.ts';

/**
 * A template is text with tags: `{{name}}` puts a value in, `{{?name}} … {{/name}}` stands where there is one,
 * `{{^name}} … {{/name}}` where there is none, `{{#name}} … {{/name}}` once for each entry of a list. There is
 * nothing else: no expression, no file, no code. A line with nothing but an opening or closing tag vanishes.
 */
export type TemplateNode =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'value'; readonly name: string }
  | { readonly kind: Section; readonly name: string; readonly inner: readonly TemplateNode[] };

type Section = 'if' | 'unless' | 'each';

/** A mistake in a template, at a line and column that count from 1. */
export interface TemplateFault {
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

/** A template as it was read, with every mistake in it. */
export interface ParsedTemplate {
  readonly nodes: readonly TemplateNode[];
  readonly faults: readonly TemplateFault[];
}

const SECTIONS: Readonly<Record<string, Section>> = { '?': 'if', '^': 'unless', '#': 'each' };
/** Sections within sections; more than any letter needs. */
const DEEPEST = 8;
/** Blanks that may stand beside a tag that is alone on its line. */
const INDENT = 80;
/** As many as somebody can mend at once. */
const MOST_FAULTS = 50;

/** Reads a template; a name that no letter knows, a tag left open or closed by another is a fault with its place. */
export function parseTemplate(text: string): ParsedTemplate {
  return new TemplateParser(text).parse();
}

interface Open {
  readonly kind: Section;
  readonly name: string;
  readonly at: number;
  readonly inner: TemplateNode[];
}

class TemplateParser {
  readonly #text: string;
  readonly #faults: TemplateFault[] = [];
  readonly #root: TemplateNode[] = [];
  readonly #open: Open[] = [];

  constructor(text: string) {
    this.#text = text;
  }

  parse(): ParsedTemplate {
    let from = 0;
    for (const match of this.#text.matchAll(/\{\{([^{}]*)\}\}|\{\{|\}\}/g)) {
      const [start, end] = this.#span(match.index, match.index + match[0].length, match[1]);
      this.#add({ kind: 'text', text: this.#text.slice(from, Math.max(from, start)) });
      from = end;
      this.#tag(match[1], match.index);
      if (this.#open.length > DEEPEST) break;
    }
    this.#add({ kind: 'text', text: this.#text.slice(from) });
    if (this.#text.trim() === '') this.#fault(0, 'nothing stands in it');
    for (const { name, at } of this.#open) this.#fault(at, `{{…${name}}} is never closed by {{/${name}}}`);
    return { nodes: this.#root, faults: this.#faults };
  }

  /** What a tag takes up: its whole line, where it opens or closes a section and stands alone. */
  #span(start: number, end: number, inside = ''): readonly [number, number] {
    if (!/^\s*[?^#/]/.test(inside)) return [start, end];
    const before = /[ \t]*$/.exec(this.#text.slice(Math.max(0, start - INDENT), start))?.[0].length ?? 0;
    const after = /^[ \t]*\r?(\n|$)/.exec(this.#text.slice(end, end + INDENT))?.[0].length;
    const line = start - before;
    const isAlone = after !== undefined && (line === 0 || this.#text[line - 1] === '\n');
    return isAlone ? [line, end + after] : [start, end];
  }

  #tag(inside: string | undefined, at: number): void {
    const parts = /^([?^#/]?)\s*([a-z][a-z0-9_]*)\s*$/.exec(inside?.trim() ?? '');
    if (parts === null) {
      this.#fault(at, 'a tag is {{name}}, {{?name}}, {{^name}}, {{#name}} or {{/name}}');
      return;
    }
    const [, sign = '', name = ''] = parts;
    if (sign === '/') this.#close(name, at);
    else this.#begin(SECTIONS[sign], name, at);
  }

  #begin(section: Section | undefined, name: string, at: number): void {
    const lists = this.#open.filter(({ kind }) => kind === 'each').map((open) => open.name);
    const fault = faultOf(section, name, lists);
    if (fault !== undefined) this.#fault(at, fault);
    if (section === undefined) {
      this.#add({ kind: 'value', name });
      return;
    }
    if (this.#open.length === DEEPEST)
      this.#fault(at, `sections stand in one another at most ${DEEPEST} deep`);
    this.#open.push({ kind: section, name, at, inner: [] });
  }

  #close(name: string, at: number): void {
    const last = this.#open.at(-1);
    if (last?.name !== name) {
      this.#fault(
        at,
        last === undefined ? `{{/${name}}} closes nothing` : `{{/${last.name}}} has to come first`,
      );
      return;
    }
    this.#open.pop();
    this.#add({ kind: last.kind, name, inner: last.inner });
  }

  #add(node: TemplateNode): void {
    if (node.kind === 'text' && node.text === '') return;
    (this.#open.at(-1)?.inner ?? this.#root).push(node);
  }

  #fault(at: number, message: string): void {
    if (this.#faults.length === MOST_FAULTS) return;
    const before = this.#text.slice(0, at).split('\n');
    this.#faults.push({ line: before.length, column: (before.at(-1)?.length ?? 0) + 1, message });
  }
}

/** Why a name cannot stand where it does, or undefined. */
function faultOf(section: Section | undefined, name: string, lists: readonly string[]): string | undefined {
  if (lists.some((list) => memberOf(list, name)))
    return section === 'each' ? `${name} is no list` : undefined;
  const shape = shapeOf(name);
  if (shape === undefined) {
    const near = [...Object.keys(VOCABULARY), ...lists.flatMap((list) => shapeOf(list)?.members ?? [])];
    return `no letter knows the name ${name.slice(0, 40)}${didYouMean(name, near)}`;
  }
  if (section === 'each') return shape.is === 'list' ? undefined : `${name} is no list: write {{?${name}}}`;
  if (section !== undefined || shape.is === 'text') return undefined;
  return shape.is === 'list'
    ? `${name} is a list: write {{#${name}}} … {{/${name}}}`
    : `${name} is a condition: write {{?${name}}}`;
}
