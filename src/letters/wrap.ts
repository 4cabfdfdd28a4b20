const WIDTH = 78;

/**
 * Text in paragraphs of at most 78 characters a line: lines that follow each other are one paragraph, `- `
 * begins an entry of a list, a line that begins with two blanks stands by itself, empty lines stay one.
 */
export function wrapText(text: string): string {
  const blocks: string[][] = [[]];
  for (const raw of text.split('\n')) {
    const line = raw.trimEnd();
    if (line === '') blocks.push([]);
    else blocks.at(-1)?.push(line);
  }
  const kept = blocks.filter((lines) => lines.length > 0);
  return `${kept.map((lines) => paragraphs(lines).map(wrapLine).join('\n')).join('\n\n')}\n`;
}

/** The lines of a block, those joined that belong together. */
function paragraphs(lines: readonly string[]): readonly string[] {
  const joined: string[] = [];
  for (const line of lines) {
    const last = joined.at(-1);
    if (last === undefined || isOwn(line) || last.startsWith('  ')) joined.push(line);
    else joined[joined.length - 1] = `${last} ${line.trim()}`;
  }
  return joined;
}

function isOwn(line: string): boolean {
  return line.startsWith('- ') || line.startsWith('  ');
}

function wrapLine(line: string): string {
  const lead = isOwn(line) ? '  ' : '';
  const lines: string[] = [];
  let current = line.startsWith('  ') ? ' ' : '';
  for (const word of line.split(/ +/).filter((part) => part !== '')) {
    if (current.trim() !== '' && current.length + 1 + word.length > WIDTH) {
      lines.push(current);
      current = `${lead}${word}`;
    } else current = current === '' ? word : `${current} ${word}`;
  }
  return [...lines, current].join('\n');
}
