import { createHash } from 'node:crypto';
import {
  closeSync,
  existsSync,
  linkSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  partialPackages,
  removePackageFiles,
  removePartialPackage,
} from '../../../src/evidence/erasure/package-files.ts';
import { writePackage } from '../../../src/reports/package-writer.ts';
import { temporaryFolder } from '../../helpers/ledger-folder.ts';

const FILES = [
  { path: 'data.json', content: '{"email":"ada@example.org"}' },
  { path: 'csv/0001-users.csv', content: 'email\nada@example.org\n' },
];

interface Written {
  readonly folder: string;
  readonly manifest: string | undefined;
  readonly files: readonly string[];
}

function written(): Written {
  const folder = join(temporaryFolder(), 'packages', 'R-000001');
  const manifest = writePackage(folder, FILES, { request: 'R-000001' }).at(-1)?.sha256;
  return { folder, manifest, files: [] };
}

describe('the removal of a package', () => {
  it('takes every file that the manifest names, the manifest and the folders', () => {
    const known = written();
    expect(removePackageFiles(known)).toBe(0);
    expect(readdirSync(dirname(known.folder))).toEqual([]);
  });

  it('does nothing where the folder is gone, and twice is once', () => {
    const known = written();
    removePackageFiles(known);
    expect(removePackageFiles(known)).toBe(0);
  });

  it('leaves what others put there, and counts it', () => {
    const known = written();
    writeFileSync(join(known.folder, 'letter.txt'), 'of somebody else');
    writeFileSync(join(known.folder, 'csv', '0002-mine.csv'), 'mine');
    expect(removePackageFiles(known)).toBe(2);
    expect(readdirSync(known.folder).sort()).toEqual(['csv', 'letter.txt']);
    expect(readdirSync(join(known.folder, 'csv'))).toEqual(['0002-mine.csv']);
  });

  it('follows no link: not for the folder, not for a folder in it, not for a file', () => {
    const target = temporaryFolder();
    writeFileSync(join(target, 'data.json'), 'not of dsr');
    writeFileSync(join(target, '0001-users.csv'), 'not of dsr');

    const asFolder = join(temporaryFolder(), 'R-000001');
    symlinkSync(target, asFolder);
    expect(removePackageFiles({ folder: asFolder, manifest: undefined, files: ['data.json'] })).toBe(1);

    const inside = join(temporaryFolder(), 'R-000002');
    mkdirSync(inside);
    symlinkSync(target, join(inside, 'csv'));
    symlinkSync(join(target, 'data.json'), join(inside, 'data.json'));
    const files = ['data.json', 'csv/0001-users.csv', '../R-000001/data.json'];
    expect(removePackageFiles({ folder: inside, manifest: undefined, files })).toBe(2);
    expect(readFileSync(join(target, 'data.json'), 'utf8')).toBe('not of dsr');
    expect(readFileSync(join(target, '0001-users.csv'), 'utf8')).toBe('not of dsr');
  });

  it('trusts only the manifest that dsr wrote, else what the ledger noted', () => {
    const known = written();
    writeFileSync(join(known.folder, 'letter.txt'), 'of somebody else');
    const forged = { files: [{ path: 'letter.txt' }] };
    writeFileSync(join(known.folder, 'manifest.json'), JSON.stringify(forged));
    expect(removePackageFiles({ ...known, files: FILES.map(({ path }) => path) })).toBe(1);
    expect(readdirSync(known.folder)).toEqual(['letter.txt']);
  });

  it('goes on where it was killed', () => {
    const known = written();
    const bytes = readFileSync(join(known.folder, 'manifest.json'));
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(known.manifest);
    removePackageFiles({ ...known, manifest: 'unlike', files: ['data.json'] });
    expect(existsSync(join(known.folder, 'csv', '0001-users.csv'))).toBe(true);
    expect(removePackageFiles({ ...known, files: FILES.map(({ path }) => path) })).toBe(0);
    expect(existsSync(known.folder)).toBe(false);
  });

  it('overwrites the bytes before it lets go of them', () => {
    const known = written();
    const fd = openSync(join(known.folder, 'data.json'), 'r');
    removePackageFiles(known);
    const left = readFileSync(fd);
    closeSync(fd);
    expect(left.length).toBe(FILES[0]?.content.length);
    expect(left.every((byte) => byte === 0)).toBe(true);
  });

  it('leaves the bytes that have another name', () => {
    const known = written();
    const other = join(dirname(known.folder), 'kept');
    linkSync(join(known.folder, 'data.json'), other);
    removePackageFiles(known);
    expect(readFileSync(other, 'utf8')).toBe(FILES[0]?.content);
  });
});

describe('what is left of a package that was never ended', () => {
  it('goes by its own name alone', () => {
    const { folder } = written();
    for (const name of ['.partial-aB3dEf', '.partial-notes', '-partial-aB3dEf']) {
      mkdirSync(join(`${folder}${name}`, 'csv'), { recursive: true });
      writeFileSync(join(`${folder}${name}`, 'csv', '0001-users.csv'), 'ada@example.org');
    }
    expect(partialPackages(folder)).toEqual([`${folder}.partial-aB3dEf`]);
    partialPackages(folder).forEach(removePartialPackage);
    expect(readdirSync(dirname(folder)).sort()).toEqual([
      'R-000001',
      'R-000001-partial-aB3dEf',
      'R-000001.partial-notes',
    ]);
  });
});
