import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { listedCalendar } from '../../src/law/calendar.ts';
import { parseHolidays } from '../../src/law/holiday-file.ts';
import { listUnknownCalendars, publicHolidays } from '../../src/law/public-holidays.ts';

const oracle = join(import.meta.dirname, '../../../shared/data/oracle-holidays');
const hasOracle = existsSync(oracle);

/** Every day of some years that is no weekend. */
function weekdays(first: number, last: number): readonly string[] {
  const days: string[] = [];
  for (let at = Date.UTC(first, 0, 1); at < Date.UTC(last + 1, 0, 1); at += 86_400_000)
    if (new Date(at).getUTCDay() % 6 !== 0) days.push(new Date(at).toISOString().slice(0, 10));
  return days;
}

function vacanza(place: string): Readonly<Record<string, string>> {
  return JSON.parse(readFileSync(join(oracle, 'vacanza/countries', `${place}.json`), 'utf8'));
}

interface Listed {
  readonly date: string;
  readonly type: string;
}

describe.skipIf(!hasOracle)('public holidays against a second source (needs ../shared/data)', () => {
  it.each([
    ['DE', 'DE_COMMON'],
    ['FR', 'FR_COMMON'],
    ['PL', 'PL_COMMON'],
    ['GB-ENG', 'GB_ENG'],
  ])('%s: both have the same days from 2024 to 2028', async (code, place) => {
    const { holidayOn } = await publicHolidays(code);
    const listed = vacanza(place);
    const days = weekdays(2024, 2028);
    expect(days.filter((day) => holidayOn(day) !== undefined)).toEqual(
      days.filter((day) => listed[day] !== undefined),
    );
  });

  it('US: the days off of the federal government from 2024 to 2032, observed ones included', async () => {
    const { holidayOn } = await publicHolidays('US');
    const listed = vacanza('US_COMMON');
    const federal =
      /New Year's Day|Martin Luther King|Washington's Birthday|Memorial|Juneteenth|Independence Day|Labor Day|Columbus|Veterans|Thanksgiving|Christmas Day/;
    const days = weekdays(2024, 2032);
    expect(days.filter((day) => holidayOn(day) !== undefined)).toEqual(
      days.filter((day) => federal.test(listed[day] ?? '')),
    );
    expect(holidayOn('2028-11-10')).toMatch(/Veterans/);
  });

  const countries = hasOracle
    ? readdirSync(join(oracle, 'date-holidays'))
        .filter((file) => file.endsWith('-2026.json'))
        .map((file) => file.slice(0, 2))
    : [];
  it.each(
    countries.filter((country) => existsSync(join(oracle, `vacanza/countries/${country}_COMMON.json`))),
  )('%s: a day on which both sources agree is a day off, in 2026', async (country) => {
    const { holidayOn } = await publicHolidays(country);
    const fixture = JSON.parse(
      readFileSync(join(oracle, 'date-holidays', `${country}-2026.json`), 'utf8'),
    ) as readonly Listed[];
    const listed = vacanza(`${country}_COMMON`);
    const agreed = fixture
      .filter(({ type, date }) => type === 'public' && date.slice(11, 16) === '00:00')
      .map(({ date }) => date.slice(0, 10))
      .filter((date) => listed[date] !== undefined);
    expect(agreed.filter((date) => holidayOn(date) === undefined)).toEqual([]);
  });
});

describe('calendars that a policy names', () => {
  it('are known by country and region', async () => {
    const codes = ['US', 'US-CA', 'US-XX', 'DE-BY', 'XX', 'GB-ENG', 'UK'];
    expect(await listUnknownCalendars(codes)).toEqual(['US-XX', 'XX', 'UK']);
  });

  it('have the days of a region, and holidays that last for days', async () => {
    const bavaria = await publicHolidays('DE-BY');
    expect(bavaria.holidayOn('2026-01-06')).toBe('Epiphany');
    expect(bavaria.holidayOn('2026-01-07')).toBeUndefined();
    const korea = await publicHolidays('KR');
    const days = ['2026-02-16', '2026-02-17', '2026-02-18', '2026-02-19', '2026-02-20'];
    expect(days.filter((day) => korea.holidayOn(day) !== undefined)).toHaveLength(3);
  });
});

describe('a file of holidays', () => {
  it('has a date a line, with a name or without, and comments', () => {
    const text = '\ufeff# the office\r\n2026-04-06,Easter Monday\r\n\r\n2026-12-24 # from noon\r\n';
    const { holidays, problems } = parseHolidays(text);
    expect([...holidays]).toEqual([
      ['2026-04-06', 'Easter Monday'],
      ['2026-12-24', ''],
    ]);
    expect(problems).toEqual([]);
  });

  it.each([
    ['date,name\n2026-01-01\n', 1, 1, /starts with a date/],
    ['2026-01-01\n01.05.2026\n', 2, 1, /starts with a date/],
    ['2026-02-30\n', 1, 1, /no such day/],
    ['2026-01-01,New Year,off\n', 1, 20, /only a name/],
    ['2026-01-01\n2026-01-01,again\n', 2, 1, /twice/],
    ['# nothing yet\n', 1, 1, /no date/],
    ['', 1, 1, /no date/],
  ])('%j is refused at %i:%i', (text, line, column, message) => {
    const { problems } = parseHolidays(text);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatchObject({ line, column });
    expect(problems[0]?.message).toMatch(message);
  });
});

describe('the years that a list of holidays covers', () => {
  it.each([
    ['2026-07-01', true],
    ['2027-07-01', false],
    ['2062-07-01', true],
  ])('%s: %s, of a file with days in 2026 and a slip for 2062', (date, covered) => {
    const { holidays } = parseHolidays('2026-01-01\n2062-12-25,Christmas\n');
    expect(listedCalendar('office.csv', holidays).covers(date)).toBe(covered);
  });
});
