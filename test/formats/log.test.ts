import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type LogLine, logField, parseLogLine } from '../../src/formats/log.ts';
import { LogScanner } from '../../src/formats/log-scanner.ts';
import type { LogFormat } from '../../src/policy/types.ts';

const COMMON: LogFormat = { type: 'common', encoding: 'utf-8' };
const COMBINED: LogFormat = { type: 'combined', encoding: 'utf-8' };

const FRANK = '127.0.0.1 - frank [10/Oct/2000:13:55:36 -0700] "GET /apache_pb.gif HTTP/1.0" 200 2326';
const COMBINED_FRANK = `${FRANK} "http://www.example.com/start.html" "Mozilla/4.08 [en] (Win98; I ;Nav)"`;

function parsed(line: string, format: LogFormat = COMMON): LogLine {
  const result = parseLogLine(line, format);
  if ('reason' in result) throw new Error(result.reason);
  return result;
}

function reasonOf(line: string, format: LogFormat = COMMON): string | undefined {
  const result = parseLogLine(line, format);
  return 'reason' in result ? result.reason : undefined;
}

function withTime(time: string): string {
  return FRANK.replace('10/Oct/2000:13:55:36 -0700', time);
}

function withRequest(request: string): string {
  return FRANK.replace('GET /apache_pb.gif HTTP/1.0', request);
}

describe('a log line', () => {
  it('of the common format gives its fields', () => {
    expect(parsed(FRANK)).toEqual({
      host: '127.0.0.1',
      ident: '',
      user: 'frank',
      at: Date.UTC(2000, 9, 10, 20, 55, 36) / 1000,
      request: 'GET /apache_pb.gif HTTP/1.0',
      method: 'GET',
      path: '/apache_pb.gif',
      status: 200,
      bytes: 2326,
      referrer: '',
      agent: '',
    });
  });

  it('of the combined format gives referrer and agent too', () => {
    expect(parsed(COMBINED_FRANK, COMBINED)).toMatchObject({
      referrer: 'http://www.example.com/start.html',
      agent: 'Mozilla/4.08 [en] (Win98; I ;Nav)',
    });
  });

  const ACCEPTED: readonly (readonly [
    name: string,
    line: string,
    format: LogFormat,
    expected: Partial<LogLine>,
  ])[] = [
    ['no bytes', FRANK.replace('2326', '-'), COMMON, { bytes: undefined }],
    ['no status', FRANK.replace(' 200 ', ' - '), COMMON, { status: undefined }],
    ['a request that never came', withRequest('-'), COMMON, { request: '', method: '', path: '' }],
    ['an empty request', withRequest(''), COMMON, { request: '', method: '', path: '' }],
    [
      'a probe in TLS',
      withRequest('\\x16\\x03\\x01\\x02'),
      COMMON,
      { request: '\x16\x03\x01\x02', path: '' },
    ],
    ['a probe without a path', withRequest('SSH-2.0-Go'), COMMON, { method: '', path: '' }],
    ['a request of HTTP/0.9', withRequest('GET /ksc.html'), COMMON, { method: 'GET', path: '/ksc.html' }],
    ['a path with a space in it', withRequest('GET /a b?c=1 HTTP/1.1'), COMMON, { path: '/a b' }],
    ['a path with escaped quotes', withRequest('GET /\\"a\\" HTTP/1.1'), COMMON, { path: '/"a"' }],
    ['a backslash before the closing quote', withRequest('GET /a\\\\'), COMMON, { path: '/a\\' }],
    [
      'a whole address for a path',
      withRequest('GET http://a.b/c?d HTTP/1.1'),
      COMMON,
      { path: 'http://a.b/c' },
    ],
    ['an IPv6 host', FRANK.replace('127.0.0.1', '2001:db8::1'), COMMON, { host: '2001:db8::1' }],
    ['a host name', FRANK.replace('127.0.0.1', 'pc1.example.org'), COMMON, { host: 'pc1.example.org' }],
    ['an ident', FRANK.replace('- frank', 'id frank'), COMMON, { ident: 'id' }],
    [
      'a user name with spaces',
      FRANK.replace('frank', 'Frank van  Dyke'),
      COMMON,
      { user: 'Frank van  Dyke' },
    ],
    ['a user name with brackets', FRANK.replace('frank', 'a [b] [c'), COMMON, { user: 'a [b] [c' }],
    ['a user name in UTF-8', FRANK.replace('frank', 'Jos\xc3\xa9'), COMMON, { user: 'José' }],
    [
      'a user name that the server escaped',
      FRANK.replace('frank', 'Jos\\xc3\\xa9'),
      COMMON,
      { user: 'José' },
    ],
    ['a user name in broken UTF-8', FRANK.replace('frank', 'Jos\xe9'), COMMON, { user: 'José' }],
    ['an empty user name', FRANK.replace('frank', '""'), COMMON, { user: '' }],
    [
      'fields after the agent',
      `${COMBINED_FRANK} "-" 0.004`,
      COMBINED,
      { agent: 'Mozilla/4.08 [en] (Win98; I ;Nav)' },
    ],
    [
      'an agent with escaped quotes',
      `${FRANK} "-" "a \\"b\\" c"`,
      COMBINED,
      { referrer: '', agent: 'a "b" c' },
    ],
    ['a terminal escape, as data', `${FRANK} "-" "\x1b[31mred"`, COMBINED, { agent: '\x1b[31mred' }],
  ];
  for (const [name, line, format, expected] of ACCEPTED) {
    it(`is read with ${name}`, () => expect(parsed(line, format)).toMatchObject(expected));
  }

  const REFUSED: readonly (readonly [name: string, line: string, format: LogFormat, reason: RegExp])[] = [
    ['nothing in it', '', COMMON, /fewer than three fields/],
    ['one word', 'hello', COMMON, /fewer than three fields/],
    [
      'only the host before the time',
      '::1 [10/Oct/2000:13:55:36 -0700] "GET /" 200 1',
      COMMON,
      /no time in brackets/,
    ],
    ['a field missing before the time', FRANK.replace('- frank', 'frank'), COMMON, /no time in brackets/],
    ['a virtual host first', `www.example.org ${FRANK}`, COMMON, /a field before the host/],
    [
      'a virtual host and nobody',
      `example.org:443 ${FRANK.replace('frank', '-')}`,
      COMMON,
      /a field before the host/,
    ],
    [
      'a virtual host and a host name',
      `a.org pc.b.org - - [${FRANK.split('[')[1]}`,
      COMMON,
      /a field before the host/,
    ],
    [
      'no request line',
      FRANK.replace(/ "GET.*/, ' 200 2326'),
      COMMON,
      /no time in brackets before a request/,
    ],
    [
      'no closing quote after the request',
      FRANK.replace('1.0"', '1.0'),
      COMMON,
      /no closing quote after the request line/,
    ],
    ['a quote inside the request', withRequest('GET /"a" HTTP/1.0'), COMMON, /no status/],
    ['a status of two digits', FRANK.replace(' 200 ', ' 20 '), COMMON, /no status/],
    ['no bytes at all', FRANK.replace(' 2326', ''), COMMON, /no number of bytes/],
    ['letters for bytes', FRANK.replace('2326', 'many'), COMMON, /no number of bytes/],
    ['referrer and agent in a common log', COMBINED_FRANK, COMMON, /more fields than the common format/],
    ['no referrer in a combined log', FRANK, COMBINED, /no referrer/],
    ['no agent', `${FRANK} "-"`, COMBINED, /no agent/],
    ['an open referrer', `${FRANK} "- "agent`, COMBINED, /no agent/],
    ['an open agent', COMBINED_FRANK.slice(0, -1), COMBINED, /no closing quote after the agent/],
    [
      'an agent whose last quote is escaped',
      `${FRANK} "-" "agent\\"`,
      COMBINED,
      /no closing quote after the agent/,
    ],
    ['letters right after the agent', `${COMBINED_FRANK}x`, COMBINED, /no space after the agent/],
  ];
  for (const [name, line, format, reason] of REFUSED) {
    it(`is refused with ${name}`, () => expect(reasonOf(line, format)).toMatch(reason));
  }

  it('is never read past its end, whatever follows in the file', () => {
    const parts = [FRANK.slice(0, 50), COMBINED_FRANK.slice(0, -1), `${FRANK} "`, FRANK, '"', ' " " "'];
    const text = fc
      .array(fc.constantFrom(...parts, 'a', '\\', '- - ['), { maxLength: 4 })
      .map((some) => some.join(''));
    fc.assert(
      fc.property(text, text, (line, next) => {
        const bytes = Buffer.from(`${line}\n${next}\n`, 'latin1');
        const scanner = new LogScanner('combined');
        expect(scanner.scan(bytes, 0, line.length)).toBe(reasonOf(line, COMBINED));
      }),
    );
  });
});

describe('the time of a log line', () => {
  const TIMES: readonly (readonly [time: string, expected: string])[] = [
    ['10/Oct/2000:13:55:36 -0700', '2000-10-10T20:55:36Z'],
    ['10/Oct/2000:13:55:36 +0530', '2000-10-10T08:25:36Z'],
    ['31/Dec/1999:23:59:59 +0000', '1999-12-31T23:59:59Z'],
    ['29/Feb/2024:00:00:00 +0000', '2024-02-29T00:00:00Z'],
    ['31/Dec/2016:23:59:60 +0000', '2017-01-01T00:00:00Z'],
    ['01/Jan/1970:00:00:00 +0000', '1970-01-01T00:00:00Z'],
  ];
  for (const [time, expected] of TIMES) {
    it(`${time} is ${expected}`, () => expect(parsed(withTime(time)).at * 1000).toBe(Date.parse(expected)));
  }

  const NONE = [
    '30/Feb/2024:00:00:00 +0000',
    '29/Feb/2023:00:00:00 +0000',
    '00/Oct/2000:13:55:36 -0700',
    '32/Oct/2000:13:55:36 -0700',
    '10/oct/2000:13:55:36 -0700',
    '10/Okt/2000:13:55:36 -0700',
    '10/Oct/0000:13:55:36 -0700',
    '10/Oct/1969:13:55:36 -0700',
    '10/Oct/2200:13:55:36 -0700',
    '10/Oct/2000:24:00:00 -0700',
    '10/Oct/2000:13:60:00 -0700',
    '10/Oct/2000:13:55:61 -0700',
    '10/Oct/2000:13:55:36 -2500',
    '10/Oct/2000:13:55:36 -0760',
    '10/Oct/2000:13:55:3x -0700',
    '10-Oct-2000 13:55:36 -0700',
    '10/Oct/2000T13:55:36 -0700',
  ];
  for (const time of NONE) {
    it(`${time} is none`, () => expect(reasonOf(withTime(time))).toBe('impossible time'));
  }

  it('is read the same after any other time', () => {
    const scanner = new LogScanner('common');
    const at = (time: string) => {
      const bytes = Buffer.from(withTime(time));
      return scanner.scan(bytes, 0, bytes.length) ?? scanner.at;
    };
    const times = [...TIMES.map(([time]) => time), ...NONE];
    fc.assert(
      fc.property(fc.constantFrom(...times), fc.constantFrom(...times), (first, second) => {
        at(first);
        const expected = reasonOf(withTime(second)) ?? parsed(withTime(second)).at;
        expect(at(second)).toBe(expected);
      }),
    );
  });
});

describe('a field of a log line', () => {
  const FIELDS: readonly (readonly [name: string, request: string, field: string, expected: string])[] = [
    ['a path without its query', 'GET /a/b?c=d HTTP/1.1', 'path', '/a/b'],
    ['a parameter', 'GET /a?sid=42&b=c HTTP/1.1', 'query.sid', '42'],
    ['the first of two', 'GET /a?sid=1&sid=2 HTTP/1.1', 'query.sid', '1'],
    ['one after a semicolon', 'GET /a?b=c;sid=42 HTTP/1.1', 'query.sid', '42'],
    ['not one whose name only ends so', 'GET /a?psid=1 HTTP/1.1', 'query.sid', ''],
    ['not one in the path', 'GET /sid=1 HTTP/1.1', 'query.sid', ''],
    ['percent escapes', 'GET /a?sid=%4a%C3%A9 HTTP/1.1', 'query.sid', 'Jé'],
    ['a plus', 'GET /a?sid=a+b HTTP/1.1', 'query.sid', 'a b'],
    ['broken escapes as they are', 'GET /a?sid=%zz%4 HTTP/1.1', 'query.sid', '%zz%4'],
    ['bytes that are no UTF-8, each its own', 'GET /a?sid=%ff HTTP/1.1', 'query.sid', 'ÿ'],
    ['what the server escaped', 'GET /a?sid=\\x41\\"b HTTP/1.1', 'query.sid', 'A"b'],
    ['a parameter whose name is escaped', 'GET /a?s%69d=42 HTTP/1.1', 'query.sid', '42'],
    ['an empty parameter', 'GET /a?sid=&b=c HTTP/1.1', 'query.sid', ''],
    ['a dash', 'GET /a?sid=- HTTP/1.1', 'query.sid', ''],
    ['a parameter without a value', 'GET /a?sid HTTP/1.1', 'query.sid', ''],
    ['nothing of a request that is none', '-', 'query.sid', ''],
    ['nothing of a field that is none', 'GET /a HTTP/1.1', 'constructor', ''],
  ];
  for (const [name, request, field, expected] of FIELDS) {
    it(`gives ${name}`, () => expect(logField(withRequest(request), field, COMMON)).toBe(expected));
  }

  it('reads the bytes of a Latin-1 log as Windows-1252', () => {
    const line = FRANK.replace('frank', 'Ren\xe9\x80');
    expect(logField(line, 'user', { type: 'common', encoding: 'latin1' })).toBe('René€');
  });

  it('gives nothing of a line that does not fit', () => expect(logField('hello', 'host', COMMON)).toBe(''));
});
