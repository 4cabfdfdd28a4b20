import { describe, expect, test } from 'vitest';
import { type Blast, requireInside } from '../../../src/requests/batch/blast-radius.ts';

const COMMAND = 'dsr batch run B-000001 --plan sha256:00 --yes';

const RADIUS = { requests: 500, share: 10 };

describe('a run that reaches further than it may is refused with the flags that let it through', () => {
  const cases: readonly (readonly [string, Blast, string | undefined])[] = [
    ['as many requests as allowed', { requests: 500, accounts: 0, allAccounts: 0 }, undefined],
    ['one request more', { requests: 501, accounts: 0, allAccounts: 0 }, '--max 501'],
    ['just the share that is allowed', { requests: 10, accounts: 10, allAccounts: 100 }, undefined],
    ['a larger share', { requests: 11, accounts: 11, allAccounts: 100 }, '--max-share 11%'],
    ['a share with a fraction', { requests: 1, accounts: 1, allAccounts: 3 }, '--max-share 34%'],
    ['both', { requests: 3000, accounts: 3000, allAccounts: 20_000 }, '--max 3000 --max-share 15%'],
    ['requests that erase nothing', { requests: 3, accounts: 0, allAccounts: 3 }, undefined],
  ];
  test.each(cases)('%s', (_, blast, flags) => {
    const run = () => requireInside(blast, RADIUS, COMMAND);
    if (flags === undefined) expect(run).not.toThrow();
    else
      expect(run).toThrow(
        expect.objectContaining({
          code: 'blast-radius',
          exit: 4,
          hint: `where all of it is meant: ${COMMAND} ${flags}`,
        }),
      );
  });
});
