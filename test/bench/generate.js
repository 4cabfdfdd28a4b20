import { closeSync, openSync, writeSync } from 'node:fs';

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const SYSTEMS = [
  'Windows NT 10.0; Win64; x64',
  'Macintosh; Intel Mac OS X 10_15_7',
  'X11; Linux x86_64',
  'iPhone; CPU iPhone OS 17_5 like Mac OS X',
];
const AGENTS = Array.from(
  { length: 400 },
  (_, i) =>
    `Mozilla/5.0 (${SYSTEMS[i % 4]}) AppleWebKit/537.${i % 37} (KHTML, like Gecko) Chrome/${90 + (i % 40)}.0.${i * 7}.0 Safari/537.36`,
);
const FIRST_NAMES = ['Ada', 'Bo', 'Chen', 'Dana', 'Émile', 'Fatima', 'Grace', 'Hiro', 'Inés', 'Jun'];
const LAST_NAMES = [
  'Li',
  'Smith',
  "O'Brien",
  'García',
  'Nguyen',
  'van Dyke',
  'Okafor',
  'Müller',
  'Rossi',
  'Sato',
];
const CITIES = [
  'Berlin',
  'Lagos',
  'Lima',
  'Paris',
  'San José',
  'Tokyo',
  'Portland, OR',
  'Hanoi',
  'Pune',
  'Oslo',
];
const LANGUAGES = ['en', 'fr', 'de', 'es', 'zh'];

const START = Date.UTC(2021, 0, 1);
const DAY = 86_400_000;
const FLUSH = 1 << 22;

/** Marsaglia's xorshift128: the same numbers in every run. */
function randomNumbers(seed) {
  let a = 123456789 ^ seed;
  let b = 362436069;
  let c = 521288629;
  let d = 88675123;
  return () => {
    const t = a ^ (a << 11);
    a = b;
    b = c;
    c = d;
    d = (d ^ (d >>> 19) ^ t ^ (t >>> 8)) >>> 0;
    return d / 4294967296;
  };
}

function writeLines(path, lines) {
  const file = openSync(path, 'w');
  let text = '';
  for (const line of lines) {
    text += `${line}\n`;
    if (text.length < FLUSH) continue;
    writeSync(file, text);
    text = '';
  }
  writeSync(file, text);
  closeSync(file);
}

/** `probe3`, one of the people whose number of lines is known. */
export function probeName(number) {
  return `probe${number}`;
}

function* logLines({ lines, users, probes, linesOfProbe }) {
  const random = randomNumbers(0);
  const every = Math.floor(lines / Math.max(1, probes * linesOfProbe));
  for (let i = 0; i < lines; i += 1) {
    const user = Math.floor(users * random() ** 2.2);
    const time = new Date(START + Math.floor((i * DAY * 3) / lines));
    const day = String(time.getUTCDate()).padStart(2, '0');
    const at = `${day}/${MONTHS[time.getUTCMonth()]}/${time.getUTCFullYear()}:${time.toISOString().slice(11, 19)} +0000`;
    const host = `${((user * 7919) % 223) + 1}.${user % 251}.${(user >> 3) % 255}.${(user >> 7) % 255}`;
    const isProbe = i % every === 0 && i / every < probes * linesOfProbe;
    const named = random() < 0.7 ? `user${user}` : '-';
    const name = isProbe ? probeName((i / every) % probes) : named;
    const path = `/lessons/${Math.floor(random() * 5000)}?p=${Math.floor(random() * 1e6).toString(36)}`;
    const numbers = `${random() < 0.95 ? 200 : 404} ${Math.floor(random() * 50_000)}`;
    const referrer = `https://example.org/home/${Math.floor(random() * 100)}`;
    yield `${host} - ${name} [${at}] "GET ${path} HTTP/1.1" ${numbers} "${referrer}" "${AGENTS[user % 400]}"`;
  }
}

/** Writes a combined log of three days; `probes` people have `linesOfProbe` lines each, evenly spread. */
export function writeLog(path, options) {
  writeLines(path, logLines({ probes: 0, linesOfProbe: 0, ...options }));
}

export const USER_COLUMNS = [
  'id',
  'email',
  'username',
  'first_name',
  'last_name',
  'dob',
  'country',
  'city',
  'language',
  'created_at',
  'last_login',
  'newsletter',
];

function dateOf(days) {
  return new Date(Date.UTC(1940, 0, 1) + days * DAY).toISOString().slice(0, 10);
}

function* userRows(rows, nameOf) {
  const random = randomNumbers(1);
  const oneOf = (list) => list[Math.floor(random() * list.length)];
  yield USER_COLUMNS.join(',');
  for (let i = 1; i <= rows; i += 1) {
    const name = nameOf(i);
    const created = `${dateOf(27_000 + Math.floor(random() * 3000))}T08:00:00Z`;
    const seen = `${dateOf(30_000 + Math.floor(random() * 1000))}T21:30:00Z`;
    const person = [oneOf(FIRST_NAMES), oneOf(LAST_NAMES), dateOf(Math.floor(random() * 25_000))];
    const place = [oneOf(['DE', 'NG', 'PE', 'FR', 'US']), `"${oneOf(CITIES)}"`, oneOf(LANGUAGES)];
    const rest = [created, seen, random() < 0.3 ? 'yes' : 'no'];
    yield [i, `${name}@mail${i % 50}.example.org`, name, ...person, ...place, ...rest].join(',');
  }
}

/** Writes a user table of twelve columns. */
export function writeUsers(path, rows, nameOf = (i) => `user${i}`) {
  writeLines(path, userRows(rows, nameOf));
}
