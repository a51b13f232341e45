import fc from 'fast-check';
import { expect, test } from 'vitest';
import { historyOf } from '../../histories/builder.ts';
import type { Decoder } from '../../histories/decoder.ts';
import { EdnDecoder } from '../../histories/edn/decoder.ts';
import { encodeEdn } from '../../histories/edn/encode.ts';
import { encodeEvent } from '../../histories/encode.ts';
import type { History } from '../../histories/history.ts';
import { HistoryFileError } from '../../histories/history-file-error.ts';
import { JepsenLogDecoder } from '../../histories/jepsen-log.ts';
import { JsonlDecoder } from '../../histories/jsonl-decoder.ts';
import { anyEvents } from './arbitrary.ts';

interface Format {
  readonly name: string;
  decoder(): Decoder;
  encode(history: History, i: number): string;
}

const logLine = (history: History, i: number): string => {
  const { process, type, value } = history.op(i);
  return `INFO  jepsen.util - ${process}\t:${type}\t:f\t${JSON.stringify(value)}`;
};

const FORMATS: readonly Format[] = [
  { name: 'JSON Lines', decoder: () => new JsonlDecoder('h'), encode: encodeEvent },
  { name: 'EDN', decoder: () => new EdnDecoder('h'), encode: encodeEdn },
  { name: 'a Jepsen log', decoder: () => new JepsenLogDecoder('h'), encode: logLine },
];

/** Cuts a piece out of the text and puts something else there. */
const damage = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  length: fc.nat(12),
  instead: fc.oneof(
    fc.constantFrom('', '"', '[', '}', '{', '\n', '#', ';', ':', '\\', '9'),
    fc.string({ maxLength: 5 }),
  ),
});

test.each(FORMATS)(
  'whatever is wrong with $name is a message with the file, or a warning',
  ({ decoder, encode }) => {
    fc.assert(
      fc.property(anyEvents, fc.array(damage, { minLength: 1, maxLength: 3 }), (events, damages) => {
        const history = historyOf(events);
        let text = Array.from({ length: history.length }, (_, i) => `${encode(history, i)}\n`).join('');
        for (const { at, length, instead } of damages) {
          const from = Math.floor(at * text.length);
          text = text.slice(0, from) + instead + text.slice(from + length);
        }
        try {
          const reading = decoder();
          reading.push(text);
          reading.end();
        } catch (error) {
          expect(error).toBeInstanceOf(HistoryFileError);
          expect((error as Error).message).toMatch(/^h(:\d+)?: /);
        }
      }),
      { numRuns: 500 },
    );
  },
);
