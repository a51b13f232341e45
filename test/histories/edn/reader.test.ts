import { parseEDNString } from 'edn-data';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { EdnReader, EdnSyntaxError, INCOMPLETE } from '../../../histories/edn/reader.ts';

const read = (text: string): unknown => new EdnReader(`${text}\n`, new Map()).value();

/** What edn-data makes of it, told to make the same data. */
const oracle = (text: string): unknown =>
  parseEDNString(text, {
    mapAs: 'object',
    setAs: 'array',
    listAs: 'array',
    keywordAs: 'string',
    symbolAs: 'string',
    charAs: 'string',
    objectKeysAs: 'string',
  });

const name = fc.stringMatching(/^[a-z][a-z0-9*+!_?<>=.-]{0,8}$/);
const blank = fc.constantFrom(' ', '\n', ', ', '  ', ' ; a comment "[\n', ' #_ {:a [1]} ');

const { form } = fc.letrec<{ form: string; leaf: string }>((tie) => ({
  leaf: fc.oneof(
    fc.constantFrom(
      'nil',
      'true',
      'false',
      '0',
      '-0',
      '1.5',
      '-2.5e3',
      '\\newline',
      '\\a',
      '"a\\n\\"b\\\\"',
      'sym',
    ),
    fc.integer().map(String),
    fc.double({ noNaN: true, noDefaultInfinity: true, min: 1e-5, max: 1e5 }).map(String),
    name.map((n) => `:${n}`),
    fc.string({ unit: 'binary', maxLength: 8 }).map((s) => JSON.stringify(s.replace(/[\\\p{Cc}]/gu, ''))),
  ),
  form: fc.oneof(
    { maxDepth: 4 },
    tie('leaf'),
    fc.tuple(blank, fc.array(tie('form'), { maxLength: 4 })).map(([b, fs]) => `[${fs.join(b)}${b}]`),
    fc.tuple(blank, fc.array(tie('form'), { maxLength: 4 })).map(([b, fs]) => `(${b}${fs.join(b)})`),
    fc.array(tie('form'), { maxLength: 3 }).map((fs) => `#{${fs.join(' ')}}`),
    fc
      .uniqueArray(fc.tuple(name, tie('form')), { maxLength: 3, selector: ([n]) => n })
      .map((entries) => `{${entries.map(([n, f]) => `:${n} ${f}`).join(', ')}}`),
  ),
}));

test('reads what another EDN reader reads', () => {
  fc.assert(
    fc.property(form, (text) => {
      expect(JSON.stringify(read(text))).toBe(JSON.stringify(oracle(text)));
    }),
    { numRuns: 500 },
  );
});

test('keywords, tags, namespaces, sets, lists and odd numbers become plain data', () => {
  const cases: readonly [string, unknown][] = [
    [':ns/name', 'ns/name'],
    ['#jepsen.history.Op{:index 3, :value nil}', { index: 3, value: null }],
    ['#inst "2020-01-01T00:00:00Z"', '2020-01-01T00:00:00Z'],
    ['#:bank{:total 3 :from 1}', { 'bank/total': 3, 'bank/from': 1 }],
    ['^{:meta true} [1]', [1]],
    ['#{3 1 2}', [3, 1, 2]],
    ['(1 "a" \\b \\u0041 \\space)', [1, 'a', 'b', 'A', ' ']],
    ['{0 10, "s" 1, [1 :a] 2, nil 3}', { 0: 10, s: 1, '[1,"a"]': 2, null: 3 }],
    ['[#_ #_ 1 2 3]', [3]],
    ['[##Inf ##-Inf ##NaN]', ['Infinity', '-Infinity', 'NaN']],
    ['[12N 1.5M 007 +5 -3 1/2 -1/2]', [12, 1.5, 7, 5, -3, '1/2', '-1/2']],
    [
      '[9007199254740991 9007199254740993 -9007199254740993N]',
      [9007199254740991, '9007199254740993', '-9007199254740993'],
    ],
    ['"\\u00e9\\t\\101"', 'é\tA'],
    ['[a/b - + -x nil.]', ['a/b', '-', '+', '-x', 'nil.']],
    ['#"a.*"', 'a.*'],
    ['#object[java.lang.Object 0x12 "x"]', ['java.lang.Object', 18, 'x']],
  ];
  for (const [text, value] of cases) expect(read(text), text).toEqual(value);
});

test('a key called __proto__ is a key like any other', () => {
  const map = read('{:__proto__ {:polluted 1} :a 2}') as Record<string, unknown>;
  expect(Object.keys(map)).toEqual(['__proto__', 'a']);
  expect(map.polluted).toBeUndefined();
});

test('what is wrong is said with its place', () => {
  const cases: readonly [string, number, RegExp][] = [
    ['[1 2}', 4, /"}" closes what "\[" opened; "\]" is missing/],
    [']', 0, /closes nothing/],
    ['[1 12x]', 3, /"12x" is not a number/],
    ['{:a 1 :b}', 0, /the map's last key, b, has no value/],
    ['[: 1]', 1, /a keyword without a name/],
    ['['.repeat(501), 500, /nested more than 500 deep/],
    ['["\\u00zz" "      "]', 2, /escape/],
  ];
  for (const [text, position, message] of cases) {
    let error: unknown;
    try {
      read(text);
    } catch (thrown) {
      error = thrown;
    }
    expect(error, text).toBeInstanceOf(EdnSyntaxError);
    expect((error as EdnSyntaxError).message).toMatch(message);
    expect((error as EdnSyntaxError).position, text).toBe(position);
  }
});

test('every beginning of a form in brackets is incomplete, never wrong and never a value', () => {
  const text =
    '#op {:a [1 -2.5e3 "b\\u00e9\\n\\101" \\newline #{:k nil}] #_ {x y} "d" (##Inf 1/2) ; c\n :e ^m #t 5}';
  for (let end = 0; end < text.length; end++) {
    expect(() => new EdnReader(text.slice(0, end), new Map()).value(), text.slice(0, end)).toThrow(
      expect.toSatisfy((thrown) => thrown === INCOMPLETE),
    );
  }
});
