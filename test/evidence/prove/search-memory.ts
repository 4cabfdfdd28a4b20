import { readFileSync } from 'node:fs';
import { searchPath } from '../../../src/evidence/prove/files.ts';
import { type FingerprintValue, fingerprintValues } from '../../../src/evidence/prove/fingerprints.ts';
import { PatternSearch } from '../../../src/evidence/prove/search.ts';

/** Searches a folder for a thousand people in a process of its own; prints what came of it and the memory. */
const key = new Uint8Array(32);
const lists = Array.from({ length: 1000 }, (_, i) => {
  const values: readonly FingerprintValue[] = [
    { kind: 'identifier', name: 'email', text: `person${i}@example.org` },
    { kind: 'value', text: `${i} Rua das Flores, Lisboa` },
  ];
  return { request: i, packed: fingerprintValues(key, values) };
});
const requests = new Set<number>();
const unsearched: string[] = [];
const counts = await searchPath(process.argv[2] ?? '', {
  search: new PatternSearch(key, lists),
  onHit: ({ request }) => requests.add(request),
  onNotSearched: ({ code }) => unsearched.push(code),
});
// Not `maxRSS`: Linux counts in it what the process was before it became this program.
const kilobytes = Number(/^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]);
console.log(
  JSON.stringify({ ...counts, requests: [...requests].sort(), unsearched, megabytes: kilobytes / 1024 }),
);
