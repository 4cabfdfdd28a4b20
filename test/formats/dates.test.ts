import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UserError } from '../../src/base/errors.ts';
import { compileDateFormat, parseDateValue } from '../../src/formats/dates.ts';

const at = (iso: string) => Date.parse(iso) / 1000;

describe('parseDateValue', () => {
  it.each([
    ['iso', '2004-01-05', '2004-01-05T00:00:00Z'],
    ['iso', '2004-02-29', '2004-02-29T00:00:00Z'],
    ['iso', '2004-01-05T12:13:14Z', '2004-01-05T12:13:14Z'],
    ['iso', '2004-01-05 12:13:14', '2004-01-05T12:13:14Z'],
    ['iso', '2004-01-05 12:13', '2004-01-05T12:13:00Z'],
    ['iso', '2004-01-05T12:13:14.999', '2004-01-05T12:13:14Z'],
    ['iso', '2004-01-05T12:13:14,5+02:00', '2004-01-05T10:13:14Z'],
    ['iso', '2004-01-05 12:13:14 -0530', '2004-01-05T17:43:14Z'],
    ['iso', '2004-01-05 12:13:14+00', '2004-01-05T12:13:14Z'],
    ['iso', '2004-01-05 12:13:14 UTC', '2004-01-05T12:13:14Z'],
    ['iso', '2004-01-05t12:13z', '2004-01-05T12:13:00Z'],
    ['epoch', '1073304794', '2004-01-05T12:13:14Z'],
    ['epoch', '1073304794.75', '2004-01-05T12:13:14Z'],
    ['epoch', '-1', '1969-12-31T23:59:59Z'],
    ['epoch', '0', '1970-01-01T00:00:00Z'],
    ['epoch-ms', '1073304794999', '2004-01-05T12:13:14Z'],
    ['epoch-ms', '-1', '1969-12-31T23:59:59Z'],
    ['M/D/YYYY', '1/5/2004', '2004-01-05T00:00:00Z'],
    ['M/D/YYYY', '12/31/2004', '2004-12-31T00:00:00Z'],
    ['M/D/YYYY', '01/05/2004', '2004-01-05T00:00:00Z'],
    ['DD.MM.YYYY HH:mm:ss', '05.01.2004 12:13:14', '2004-01-05T12:13:14Z'],
    ['YYYYMMDD', '20040105', '2004-01-05T00:00:00Z'],
    ['YYYY-MM-DDTHH:mm:ssZ', '2004-01-05T12:13:14Z', '2004-01-05T12:13:14Z'],
    ['D. M. YYYY', '5. 1. 2004', '2004-01-05T00:00:00Z'],
    ['YYYY-MM-DD', '0099-12-31', '0099-12-31T00:00:00Z'],
  ])('reads %s: %s', (format, text, expected) => {
    expect(parseDateValue(text, format)).toBe(at(expected));
  });

  it.each([
    ['iso', ''],
    ['iso', '2004-02-30'],
    ['iso', '2003-02-29'],
    ['iso', '1900-02-29'],
    ['iso', '2004-13-01'],
    ['iso', '2004-00-10'],
    ['iso', '0000-00-00'],
    ['iso', '0000-01-01'],
    ['iso', '2004-1-5'],
    ['iso', '04-01-05'],
    ['iso', '2004-01-05 24:00:00'],
    ['iso', '2004-01-05 12:60'],
    ['iso', '2004-01-05 12:13:60'],
    ['iso', '2004-01-05 12'],
    ['iso', '2004-01-05 12:13.5'],
    ['iso', '2004-01-05 12:1x'],
    ['iso', '2004-01-05 xx:13'],
    ['iso', '2004-01-05 12:13:1'],
    ['iso', '2004-01-05T'],
    ['iso', '2004-01-05x12:13'],
    ['iso', '2004-01-0512:13'],
    ['iso', '2004-xx-05'],
    ['iso', '2004/01/05'],
    ['iso', '-004-01-05'],
    ['iso', '2004-01-05T12:13:14+25:00'],
    ['iso', '2004-01-05T12:13:14+02:60'],
    ['iso', '2004-01-05 12:13:14 PST'],
    ['iso', ' 2004-01-05'],
    ['iso', '2004-01-05\n'],
    ['iso', '２００４-01-05'],
    ['epoch', ''],
    ['epoch', '1073304794999'],
    ['epoch', '1e9'],
    ['epoch', '0x10'],
    ['epoch', '9'.repeat(400)],
    ['epoch-ms', '99999999999999999'],
    ['M/D/YYYY', '2/30/2004'],
    ['M/D/YYYY', '13/1/2004'],
    ['M/D/YYYY', '1/5/04'],
    ['M/D/YYYY', '1/5/20045'],
    ['M/D/YYYY', '1-5-2004'],
    ['M/D/YYYY', '/5/2004'],
    ['M/D/YYYY', '001/5/2004'],
    ['MM/DD/YYYY', '1/5/2004'],
    ['DD.MM.YYYY HH:mm:ss', '05.01.2004 25:13:14'],
    ['DD.MM.YYYY HH:mm:ss', '05.01.2004'],
  ])('has no date for %s: %s', (format, text) => {
    expect(parseDateValue(text, format)).toBeUndefined();
  });

  it('agrees with Date on every day and second', () => {
    const epoch = fc.integer({ min: -62_135_596_800, max: 253_402_300_799 });
    fc.assert(
      fc.property(epoch, (seconds) => {
        const iso = new Date(seconds * 1000).toISOString();
        expect(parseDateValue(iso, 'iso')).toBe(seconds);
        expect(parseDateValue(iso.slice(0, 19), 'YYYY-MM-DDTHH:mm:ss')).toBe(seconds);
        expect(parseDateValue(iso.slice(0, 10), 'iso')).toBe(Math.floor(seconds / 86_400) * 86_400);
        expect(parseDateValue(String(seconds), 'epoch')).toBe(seconds);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('compileDateFormat', () => {
  it.each([
    '',
    'ISO',
    'YY-MM-DD',
    'YYYY-MM',
    'MMM D, YYYY',
    'YYYY-MM-DD hh:mm',
    'YYYY-MM-DD YYYY',
    'MD/YYYY',
  ])('refuses "%s"', (format) => {
    expect(() => compileDateFormat(format)).toThrow(UserError);
  });
});
