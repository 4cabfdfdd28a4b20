import type { TemplateNode } from './template.ts';
import type { LetterEntry, LetterName, LetterValues } from './vocabulary.ts';

/** A letter before it is wrapped. */
export interface Filled {
  readonly text: string;
  /** Names whose value stands in it: `authority`, of entries of a list `remains.until`. */
  readonly said: ReadonlySet<string>;
}

/** Puts the values into a template that has no faults; a value is text and never a tag. */
export function fillTemplate(nodes: readonly TemplateNode[], values: LetterValues): Filled {
  const said = new Set<string>();
  return { text: fill(nodes, { values, around: [], said }), said };
}

/** Where a node stands: the entries of the lists around it count before the letter's own names. */
interface Place {
  readonly values: LetterValues;
  readonly around: readonly { readonly list: string; readonly entry: LetterEntry }[];
  readonly said: Set<string>;
}

function fill(nodes: readonly TemplateNode[], place: Place): string {
  return nodes.map((node) => fillNode(node, place)).join('');
}

function fillNode(node: TemplateNode, place: Place): string {
  switch (node.kind) {
    case 'text':
      return node.text;
    case 'value':
      return say(node.name, place);
    case 'if':
      return isThere(node.name, place) ? fill(node.inner, place) : '';
    case 'unless':
      return isThere(node.name, place) ? '' : fill(node.inner, place);
    case 'each':
      return entriesOf(node.name, place)
        .map((entry) => fill(node.inner, { ...place, around: [{ list: node.name, entry }, ...place.around] }))
        .join('');
  }
}

function say(name: string, { values, around, said }: Place): string {
  const own = around.find(({ entry }) => Object.hasOwn(entry, name));
  const value = own === undefined ? values[name as LetterName] : own.entry[name];
  const line = typeof value === 'string' ? oneLine(value) : '';
  if (line !== '') said.add(own === undefined ? name : `${own.list}.${name}`);
  return line;
}

function isThere(name: string, { values, around }: Place): boolean {
  const own = around.find(({ entry }) => Object.hasOwn(entry, name));
  const value = own === undefined ? values[name as LetterName] : own.entry[name];
  if (typeof value === 'string') return oneLine(value) !== '';
  return typeof value === 'boolean' ? value : value !== undefined && value.length > 0;
}

function entriesOf(name: string, { values }: Place): readonly LetterEntry[] {
  const value = values[name as LetterName];
  return Array.isArray(value) ? value : [];
}

/** Foreign text cannot make paragraphs, lists or control characters of its own, nor turn the text around it. */
function oneLine(value: string): string {
  return value.replace(/[\s\p{Cc}\u202a-\u202e\u2066-\u2069]+/gu, ' ').trim();
}
