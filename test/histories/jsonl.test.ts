import { readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { gunzipSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { historyOf } from '../../histories/builder.ts';
import { encodeEvent, encodeOp } from '../../histories/encode.ts';
import { fingerprint } from '../../histories/fingerprint.ts';
import { HistoryFileError } from '../../histories/history-file-error.ts';
import { JsonlDecoder } from '../../histories/jsonl-decoder.ts';
import { JsonlWriter } from '../../histories/jsonl-writer.ts';
import { readHistory } from '../../histories/read.ts';
import { writeHistory } from '../../histories/write.ts';
import { anyEvents } from './arbitrary.ts';
import { temporaryFolder } from './temporary.ts';

const path = temporaryFolder();

const line = (index: number, rest = '') =>
  `{"index":${index},"time":${index * 10},"process":0,"type":"invoke","f":"read","value":null${rest}}\n`;

function decode(pieces: readonly string[]) {
  const decoder = new JsonlDecoder('h.jsonl');
  for (const piece of pieces) decoder.push(piece);
  return decoder.end();
}

function problem(text: string): string {
  try {
    decode([text]);
  } catch (error) {
    expect(error).toBeInstanceOf(HistoryFileError);
    return (error as Error).message;
  }
  throw new Error('no error');
}

test('fields of a line always come in the same order', () => {
  expect(
    encodeOp({
      error: 'timeout',
      node: 'n1',
      key: 'x',
      value: { b: 1, a: [null] },
      f: 'write',
      type: 'info',
      process: 3,
      time: 12,
      index: 4,
    }),
  ).toBe(
    '{"index":4,"time":12,"process":3,"type":"info","f":"write","key":"x","value":{"b":1,"a":[null]},"node":"n1","error":"timeout"}',
  );
});

test('what JSON has no word for is written as null', () => {
  const op = { index: 0, time: 0, process: 0, type: 'ok', f: 'read' } as const;
  for (const value of [undefined, Number.NaN, Number.POSITIVE_INFINITY, () => 1])
    expect(JSON.parse(encodeOp({ ...op, value })).value).toBeNull();
});

test('any history comes back from its lines, however the text is cut into pieces', () => {
  fc.assert(
    fc.property(anyEvents, fc.integer({ min: 1, max: 80 }), (events, size) => {
      const history = historyOf(events);
      const text = Array.from(history, (op) => `${encodeOp(op)}\n`).join('');
      const pieces = Array.from({ length: Math.ceil(text.length / size) }, (_, i) =>
        text.slice(i * size, (i + 1) * size),
      );
      const back = decode(pieces);
      expect(back.warnings).toEqual([]);
      expect([...back.history]).toEqual(JSON.parse(JSON.stringify([...history])));
      expect([...back.history.pair]).toEqual([...history.pair]);
      expect(fingerprint(back.history)).toBe(fingerprint(history));
    }),
  );
});

test('an event is encoded from the columns as from its object', () => {
  fc.assert(
    fc.property(anyEvents, (events) => {
      const history = historyOf(events).select((i) => i % 2 === 0);
      for (let i = 0; i < history.length; i++) expect(encodeEvent(history, i)).toBe(encodeOp(history.op(i)));
    }),
  );
});

test('the fingerprint tells histories apart and is 16 hexadecimal digits', () => {
  const events = [{ time: 1, process: 0, type: 'invoke', f: 'write', value: 1 }] as const;
  const one = fingerprint(historyOf(events));
  expect(one).toMatch(/^[0-9a-f]{16}$/);
  expect(fingerprint(historyOf(events))).toBe(one);
  for (const change of [
    { time: 2 },
    { process: 1 },
    { f: 'read' },
    { value: '1' },
    { key: 1 },
    { node: 'n1' },
  ])
    expect(fingerprint(historyOf([{ ...events[0], ...change }]))).not.toBe(one);
});

describe.each(['h.jsonl', 'h.jsonl.gz'])('a file %s', (name) => {
  test('gives back any history', async () => {
    await fc.assert(
      fc.asyncProperty(anyEvents, async (events) => {
        const history = historyOf(events);
        writeHistory(path(name), history);
        const back = await readHistory(path(name));
        expect(back).toMatchObject({ format: 'jsonl', warnings: [] });
        expect(fingerprint(back.history)).toBe(fingerprint(history));
      }),
      { numRuns: 30 },
    );
  });

  test('is whole after each batch, before it is closed', async () => {
    const writer = new JsonlWriter(path(name), { batch: 0 });
    for (let i = 0; i < 3; i++) {
      writer.append({ index: i, time: i, process: 0, type: 'invoke', f: 'read', value: null });
      expect((await readHistory(path(name))).history.length).toBe(i + 1);
    }
    writer.close();
    writer.close();
  });

  test('holds what was gathered only once it is flushed', () => {
    const writer = new JsonlWriter(path(name));
    writer.appendLine(line(0).trimEnd());
    expect(statSync(path(name)).size).toBe(0);
    writer.flush();
    writer.flush();
    const bytes = readFileSync(path(name));
    expect(String(name.endsWith('.gz') ? gunzipSync(bytes) : bytes)).toBe(line(0));
    writer.close();
  });
});

test('a torn last line is left out, with a warning that says which', () => {
  const { history, warnings } = decode([line(0), line(1).slice(0, -9)]);
  expect(history.length).toBe(1);
  expect(warnings).toEqual([{ line: 2, message: expect.stringContaining('torn') }]);
});

test('a torn line cannot pass for an event: every prefix of a file reads as its whole lines', () => {
  const text = line(0) + line(1, ',"node":"ñ"') + line(2);
  for (let end = 1; end < text.length; end++) {
    const whole = text.slice(0, end).split('\n').length - 1;
    const complete = text[end] === '\n' ? 1 : 0;
    expect(decode([text.slice(0, end)]).history.length).toBe(whole + complete);
  }
});

test('a last line without a line break counts, when it is whole', () => {
  const { history, warnings } = decode([line(0), line(1).trimEnd()]);
  expect(history.length).toBe(2);
  expect(warnings).toEqual([]);
});

test('a gzipped file that ends early gives what it has, with a warning', async () => {
  const text = Array.from({ length: 2000 }, (_, i) => line(i)).join('');
  writeFileSync(path('cut.jsonl.gz'), gzipSync(text));
  const { size } = statSync(path('cut.jsonl.gz'));
  truncateSync(path('cut.jsonl.gz'), Math.floor(size / 2));
  const { history, warnings } = await readHistory(path('cut.jsonl.gz'));
  expect(history.length).toBeGreaterThan(500);
  expect(history.length).toBeLessThan(2000);
  expect(warnings.at(-1)?.message).toContain('gzip data ends early');
});

test('damaged gzip data is an error that names the file', async () => {
  const bytes = gzipSync(line(0).repeat(50));
  bytes.fill(0xff, 12, 40);
  writeFileSync(path('bad.jsonl.gz'), bytes);
  await expect(readHistory(path('bad.jsonl.gz'))).rejects.toThrow(/bad\.jsonl\.gz: the gzip data is damaged/);
});

test('a malformed line is named with what is wrong', () => {
  expect(problem(`${line(0)}{"index":1,\n${line(2)}`)).toMatch(
    /^h\.jsonl:2: this is not JSON .*repair or delete/,
  );
  expect(problem(`${line(0)}\n[1]\n`)).toMatch(/^h\.jsonl:3: an event must be an object .* not \[1\]$/);
  const broken: readonly [Record<string, unknown>, string][] = [
    [{ process: -1 }, '"process" must be a whole number or "nemesis", not -1'],
    [{ process: undefined }, '"process" must be a whole number or "nemesis", not nothing'],
    [{ type: 'done' }, '"type" must be "invoke", "ok", "fail" or "info", not "done"'],
    [{ f: 3 }, '"f" must be the name of a function, not 3'],
    [{ time: '5' }, '"time" must be a number of nanoseconds, not "5"'],
    [{ index: 0.5 }, '"index" must be a whole number, not 0.5'],
    [{ key: [1] }, '"key" must be a string or a number, not [1]'],
    [{ node: 4 }, '"node" must be a string, not 4'],
  ];
  for (const [change, message] of broken) {
    const event = { process: 0, type: 'ok', f: 'read', value: null, ...change };
    expect(problem(`${JSON.stringify(event)}\n`)).toBe(`h.jsonl:1: ${message}`);
  }
});

test('a file with more names than a history can hold is an error with its line', () => {
  const lines = Array.from({ length: 65_537 }, (_, i) => `{"process":0,"type":"invoke","f":"f${i}"}\n`);
  expect(problem(lines.join(''))).toBe('h.jsonl:65537: a history can hold 65536 different names, not more');
});

test('indices with gaps are kept, with a warning; indices out of order are an error', () => {
  const { history, warnings } = decode([line(3), line(4), line(9)]);
  expect([...history].map((op) => op.index)).toEqual([3, 4, 9]);
  expect(warnings).toEqual([{ line: 1, message: expect.stringContaining('begin at 3') }]);
  expect(problem(line(3) + line(3))).toContain('h.jsonl:2: index 3 comes after 3');
});

test('events without index and time are numbered, and a warning says that their times mean nothing', () => {
  const bare = '{"process":0,"type":"invoke","f":"read"}\r\n';
  const { history, warnings } = decode(['\n', bare, bare]);
  expect([...history].map((op) => [op.index, op.time, op.value])).toEqual([
    [0, 0, null],
    [1, 1, null],
  ]);
  expect(warnings).toEqual([{ message: expect.stringContaining('the events have no time') }]);
});

test('a file that is missing, or can not be written, is named with what to do', async () => {
  await expect(readHistory(path('none.jsonl'))).rejects.toThrow(/none\.jsonl: can't read it: no such file/);
  await expect(readHistory(path('.'), { format: 'jsonl' })).rejects.toThrow(/is a folder/);
  expect(() => new JsonlWriter(path('none/h.jsonl'))).toThrow(
    /none\/h\.jsonl: can't write it: no such file or folder/,
  );
});

test.runIf(process.platform === 'linux')(
  'a full disk is named, and nothing is lost that can still be written',
  () => {
    const writer = new JsonlWriter('/dev/full');
    writer.appendLine(line(0));
    expect(() => writer.flush()).toThrow(
      "/dev/full: can't write it: the disk is full; free some space or write elsewhere (ENOSPC)",
    );
    expect(() => writer.close()).toThrow(HistoryFileError);
  },
);

test('an empty file of a known format is an empty history; of none, an error', async () => {
  writeFileSync(path('empty.jsonl'), '');
  expect((await readHistory(path('empty.jsonl'))).history.length).toBe(0);
  writeFileSync(path('empty'), '');
  await expect(readHistory(path('empty'))).rejects.toThrow(/say which it is: jsonl, edn/);
});

test('integers that a number would round are kept as text, and a warning says so', () => {
  const event = (value: string) =>
    `{"index":0,"time":1764087860123456789,"process":0,"type":"invoke","f":"write","value":${value}}\n`;
  const read = (value: string) => {
    const { history, warnings } = decode([event(value)]);
    return { value: history.value(0), time: history.time[0], warnings: warnings.length };
  };
  const time = 1764087860123456800;
  expect(read('9007199254740993')).toEqual({ value: '9007199254740993', time, warnings: 1 });
  expect(read('[-9007199254740993,"9007199254740993",1]')).toEqual({
    value: ['-9007199254740993', '9007199254740993', 1],
    time,
    warnings: 1,
  });
  // What a number holds as it stands here, or what is none of an integer, stays a number.
  for (const value of ['9007199254740991', '100000000000000000000', '0.12345678901234567', '1.5e-17'])
    expect(read(value)).toEqual({ value: Number(value), time, warnings: 0 });
});

test('an integer that a number would round is kept as text wherever it stands and wherever its line is cut in two', () => {
  for (const f of ['w', 'write', 'a-long-name-of-a-function']) {
    const line = `{"process":0,"type":"invoke","f":"${f}","value":9007199254740993}\n`;
    for (let cut = 0; cut <= line.length; cut++) {
      const { history } = decode([line.slice(0, cut), line.slice(cut)]);
      expect(history.value(0)).toBe('9007199254740993');
    }
  }
});
