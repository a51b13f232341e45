import { writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { historyOf } from '../../../histories/builder.ts';
import { EdnDecoder } from '../../../histories/edn/decoder.ts';
import { encodeEdn } from '../../../histories/edn/encode.ts';
import { fingerprint } from '../../../histories/fingerprint.ts';
import type { History } from '../../../histories/history.ts';
import type { OpEvent } from '../../../histories/op.ts';
import { readHistory } from '../../../histories/read.ts';
import { writeHistory } from '../../../histories/write.ts';
import { anyEvents } from '../arbitrary.ts';
import { temporaryFolder } from '../temporary.ts';

const path = temporaryFolder();

function decode(text: string, size = text.length, tuples?: boolean) {
  const decoder = new EdnDecoder('h.edn', tuples);
  for (let i = 0; i < text.length; i += size) decoder.push(text.slice(i, i + size));
  return decoder.end();
}

/** Process, type, function, key and value of each event. */
const brief = (history: History) =>
  Array.from(history, (op) => [op.process, op.type, op.f, op.key, op.value].filter((x) => x !== undefined));

const invoke = '{:index 0, :time 10, :process 0, :type :invoke, :f :write, :value 3}';
const ok = '{:index 1, :time 20, :process 0, :type :ok, :f :write, :value 3}';
const record = ok.replace('{', '#jepsen.history.Op{');
const written = [
  [0, 'invoke', 'write', 3],
  [0, 'ok', 'write', 3],
];

describe('operations are read', () => {
  test.each([
    ['one a line', `${invoke}\n${ok}\n`],
    ['as records', `${invoke}\n${record}`],
    ['in a vector', `[${invoke}\n ${ok}]`],
    [
      'in a list, with comments and discarded forms',
      `; made by hand\n(${invoke} #_ {:a 1} ${record} ; end\n)\n`,
    ],
    ['spread over lines', `[${invoke.replaceAll(', ', '\n ,')}${ok.replaceAll(', ', ',\n  ')}\n]`],
  ])('%s, wherever the text is cut', (_name, text) => {
    for (const size of [1, 2, 7, 64, text.length]) {
      const { history, warnings } = decode(text, size);
      expect(brief(history)).toEqual(written);
      expect([...history.pair]).toEqual([1, 0]);
      expect(warnings).toEqual([]);
    }
  });
});

test('keywords become strings, also in transactions', () => {
  const { history } = decode(
    '{:process 1 :type :ok :f :txn :time 0 :error [:conflict "x"] :value [[:append 10 1] [:r :x [1 2]] [:r 10 nil]]}',
  );
  expect(history.op(0)).toMatchObject({
    f: 'txn',
    error: '["conflict","x"]',
    value: [
      ['append', 10, 1],
      ['r', 'x', [1, 2]],
      ['r', 10, null],
    ],
  });
});

test('the two :info of a nemesis operation are its invocation and its completion', () => {
  const nemesis = (f: string, value: string) =>
    `{:process :nemesis :type :info :f ${f} :time 1 :value ${value}}`;
  const { history } = decode(
    [
      nemesis(':start', 'nil'),
      nemesis(':start', '"cut"'),
      nemesis(':stop', 'nil'),
      nemesis('[:kill :n1]', 'nil'),
    ].join('\n'),
  );
  expect(brief(history)).toEqual([
    ['nemesis', 'invoke', 'start', null],
    ['nemesis', 'info', 'start', 'cut'],
    ['nemesis', 'invoke', 'stop', null],
    ['nemesis', 'invoke', '["kill","n1"]', null],
  ]);
  expect([...history.pair]).toEqual([1, 0, -1, -1]);
});

describe('independent tuples', () => {
  const op = (process: number, type: string, f: string, value: string) =>
    `{:process ${process} :type :${type} :f :${f} :time 1 :value ${value}}\n`;
  const keyed =
    op(0, 'invoke', 'cas', '[:x [0 1]]') +
    op(1, 'invoke', 'read', '[7 nil]') +
    op(0, 'ok', 'cas', '[:x [0 1]]') +
    op(1, 'ok', 'read', '[7 5]');

  test('are seen when all values are such, with a warning', () => {
    const { history, warnings } = decode(
      `${keyed}{:process :nemesis :type :info :f :start :time 1 :value [1 nil]}`,
    );
    expect(brief(history)).toEqual([
      [0, 'invoke', 'cas', 'x', [0, 1]],
      [1, 'invoke', 'read', 7, null],
      [0, 'ok', 'cas', 'x', [0, 1]],
      [1, 'ok', 'read', 7, 5],
      ['nemesis', 'invoke', 'start', [1, null]],
    ]);
    expect(warnings).toEqual([{ message: expect.stringContaining('independent tuples') }]);
  });

  test('are not seen in a cas or a transaction', () => {
    for (const text of [
      op(0, 'invoke', 'cas', '[0 1]') + op(1, 'invoke', 'read', 'nil'),
      op(0, 'invoke', 'cas', '[0 1]') + op(0, 'ok', 'cas', '[0 1]'),
      op(0, 'invoke', 'txn', '[[:r 1 nil] [:w 2 nil]]'),
      op(0, 'invoke', 'pop', '[1 nil]') + op(0, 'ok', 'pop', '[2 nil]'),
    ]) {
      const { history, warnings } = decode(text);
      expect(history.key(0)).toBeUndefined();
      expect(warnings).toEqual([]);
    }
  });

  test('are read as the caller says', () => {
    expect(decode(keyed, keyed.length, false).history.value(1)).toEqual([7, null]);
    const cas = op(0, 'invoke', 'cas', '[0 1]');
    expect(brief(decode(cas, cas.length, true).history)).toEqual([[0, 'invoke', 'cas', 0, 1]]);
  });

  test('are seen by whoever reads the file', async () => {
    writeFileSync(path('keyed.edn'), keyed);
    expect((await readHistory(path('keyed.edn'))).history.key(0)).toBe('x');
    expect((await readHistory(path('keyed.edn'), { tuples: false })).history.key(0)).toBeUndefined();
  });
});

test('a torn last operation is left out with a warning; a vector that is not closed is told', () => {
  for (const text of [`${invoke}\n${ok.slice(0, -5)}`, `[${invoke}\n${ok.slice(0, 12)}`]) {
    const { history, warnings } = decode(text);
    expect(brief(history)).toEqual(written.slice(0, 1));
    expect(warnings).toEqual([{ line: 2, message: expect.stringContaining('torn') }]);
  }
  expect(decode(`[${invoke}\n${ok}\n`).warnings).toEqual([
    { line: 3, message: expect.stringContaining('never closed') },
  ]);
});

test('an operation in the middle that never ends is an error, not a torn end', () => {
  const open = invoke.replace('3}', '"3}');
  expect(() => decode(`\n${open}\n${ok}\n${record}\n`)).toThrow(
    /^h\.edn:2: a bracket or quote .* never closed/,
  );
});

test('what is no operation is an error with its line', () => {
  const cases: readonly [string, string][] = [
    [
      `${invoke}\n\n  ${ok.replace(':ok', ':done')}`,
      'h.edn:3: "type" must be "invoke", "ok", "fail" or "info", not "done"',
    ],
    [`${invoke}\n12\n`, 'h.edn:2: an event must be an object'],
    [`[${invoke}\n${ok})`, 'h.edn:2: ")" closes nothing'],
    [`${invoke}\n{:process 0\n :type 1x}`, 'h.edn:3: "1x" is not a number'],
    [ok + invoke, 'h.edn:1: index 0 comes after 1'],
  ];
  for (const [text, message] of cases) expect(() => decode(text), text).toThrow(message);
});

test('an operation of many pieces is read without reading it over and over', () => {
  const big = `{:process 0 :type :ok :f :read :time 1 :value [${'12345 '.repeat(100_000)}]}\n`;
  const { history } = decode(big + ok.replace(':index 1, ', ''), 1000);
  expect((history.value(0) as unknown[]).length).toBe(100_000);
  expect(history.length).toBe(2);
});

/** Nemesis operations come in pairs, as a controller records them. */
const recorded = anyEvents.map((events) =>
  events.flatMap((event): OpEvent[] =>
    event.process !== 'nemesis'
      ? [event]
      : [
          { ...event, type: 'invoke' },
          { ...event, type: 'info' },
        ],
  ),
);

test('any history that is written as EDN reads back the same', () => {
  fc.assert(
    fc.property(recorded, (events) => {
      const history = historyOf(events);
      const text = Array.from({ length: history.length }, (_, i) => `${encodeEdn(history, i)}\n`).join('');
      const back = decode(text, 50, false);
      expect([...back.history]).toEqual(JSON.parse(JSON.stringify([...history])));
      expect(fingerprint(back.history)).toBe(fingerprint(history));
    }),
    { numRuns: 300 },
  );
});

test('written EDN looks like that of Jepsen', () => {
  const history = historyOf([
    {
      time: 5,
      process: 0,
      type: 'invoke',
      f: 'txn',
      value: [
        ['append', 'x', 1],
        ['r', 2, null],
      ],
      key: 'k',
      node: 'n1',
    },
    {
      time: 6,
      process: 'nemesis',
      type: 'invoke',
      f: 'network/cut',
      value: { mode: 'drop', 'a b': [true, 1e21] },
    },
    { time: 7, process: 'nemesis', type: 'info', f: 'network/cut', value: 'done', error: 'timed-out' },
  ]);
  expect(Array.from({ length: 3 }, (_, i) => encodeEdn(history, i))).toEqual([
    '{:index 0, :time 5, :process 0, :type :invoke, :f :txn, :key "k", :value [[:append "x" 1] [:r 2 nil]], :node "n1"}',
    '{:index 1, :time 6, :process :nemesis, :type :info, :f :network/cut, :value {:mode "drop", "a b" [true 1e+21]}}',
    '{:index 2, :time 7, :process :nemesis, :type :info, :f :network/cut, :value "done", :error :timed-out}',
  ]);
});

test('files convert by their names, zipped or not', async () => {
  const history = historyOf([
    { time: 5, process: 0, type: 'invoke', f: 'write', value: 'ü', key: 1 },
    { time: 6, process: 0, type: 'info', f: 'write', value: 'ü', key: 1, error: 'timeout' },
  ]);
  for (const name of ['a.edn', 'a.edn.gz', 'a.jsonl', 'a.jsonl.gz']) {
    writeHistory(path(name), history);
    const back = await readHistory(path(name));
    expect(back.format).toBe(name.includes('edn') ? 'edn' : 'jsonl');
    expect(fingerprint(back.history)).toBe(fingerprint(history));
  }
  expect(() => writeHistory(path('a.txt'), history)).toThrow(
    /a\.txt: the name does not say .* end it in \.jsonl/,
  );
});

test('a file is known by what it begins with, whatever its name', async () => {
  const beginnings: readonly [string, string][] = [
    ['\uFEFF\n {"process":0,"type":"invoke","f":"read"}\n', 'jsonl'],
    [`; a comment\n${invoke}`, 'edn'],
    [`[${invoke}]`, 'edn'],
    [record.replace(':ok', ':invoke').replace(':index 1, ', ''), 'edn'],
    ['INFO  jepsen.util - 0\t:invoke\t:read\tnil\n', 'etcd-log'],
  ];
  for (const [text, format] of beginnings) {
    writeFileSync(path('history'), text);
    expect((await readHistory(path('history'))).format).toBe(format);
    writeFileSync(path('history'), gzipSync(text));
    expect((await readHistory(path('history'))).format).toBe(format);
  }
  writeFileSync(path('history'), 'hello\n');
  await expect(readHistory(path('history'))).rejects.toThrow(/looks like no history format/);
});
