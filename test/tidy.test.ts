import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ROOT, type SourceFile, sourceFiles } from './source-files.ts';

const PARTS = ['src', 'checkers', 'histories', 'nemeses', 'workloads'];
const SOURCES = sourceFiles(...PARTS);
const ALL = [...SOURCES, ...sourceFiles('bench', 'catalogue', 'test', 'scripts')];

/** Whom each part may import; `types` are parts of which it may know the types alone. */
const MAY_IMPORT: Readonly<
  Record<string, { readonly all?: readonly string[]; readonly types?: readonly string[] }>
> = {
  histories: {},
  checkers: { all: ['histories'] },
  'src/faults': {},
  'src/world': { all: ['src/faults', 'histories'] },
  'src/generator': { all: ['src/world', 'histories'], types: ['src/faults'] },
  'src/sim': { all: ['src/world', 'src/faults', 'histories'] },
  'src/linux': { all: ['src/world', 'src/faults', 'histories'] },
  nemeses: { all: ['src/world', 'src/faults', 'src/generator', 'histories', 'checkers'] },
  workloads: { all: ['src/world', 'src/faults', 'src/generator', 'histories', 'checkers'] },
  'src/controller': { all: ['src/world', 'src/faults', 'src/generator', 'histories', 'checkers'] },
  'src/systems': { all: ['src/world', 'src/systems/linux'], types: ['src/faults', 'histories'] },
  'src/systems/linux': { all: ['src/world'], types: ['src/faults', 'histories'] },
  'src/spec': { all: ['src/world'], types: ['src/faults', 'nemeses', 'workloads', 'checkers', 'histories'] },
  'src/store': { all: ['src/spec', 'src/world', 'histories', 'src/version.ts'], types: ['checkers'] },
  'src/report': {
    all: ['src/spec', 'src/world', 'histories', 'checkers'],
    types: ['src/campaign', 'src/faults'],
  },
  'src/vitest': {
    all: ['src/campaign', 'src/report', 'src/spec', 'src/world', 'checkers', 'histories'],
  },
  'src/campaign': {
    all: [
      ...['src/faults', 'src/world', 'src/generator', 'src/controller', 'src/sim', 'src/linux'],
      ...['src/systems', 'src/spec', 'src/store', 'src/report', 'src/version.ts'],
      ...['nemeses', 'workloads', 'checkers', 'histories'],
    ],
  },
};

/** Parts whose work must follow from the seed alone. */
const DETERMINISTIC = [
  ...['histories', 'checkers', 'nemeses', 'workloads'],
  ...['src/faults', 'src/world', 'src/generator', 'src/sim', 'src/controller', 'src/systems', 'src/spec'],
];

/** Calls that such a part must not make, and what to use in their place. */
const BANNED: readonly (readonly [call: RegExp, instead: string])[] = [
  [/\bDate\.now\b|\bnew Date\(\)/, 'context.wallClock() or world.now()'],
  [/\bperformance\.now\b|\bprocess\.hrtime\b/, 'context.monotonic() or world.now()'],
  [/\bMath\.random\b|\brandomUUID\b|\bgetRandomValues\b|\brandomBytes\b/, 'a RandomStream'],
  [/\b(setTimeout|setInterval|setImmediate)\b/, 'context.setTimer() or world.after()'],
  [
    /\bMath\.(log|log2|log10|log1p|exp|expm1|pow|sin|cos|tan|cbrt|hypot)\b/,
    'src/faults/latency.ts: bits that no engine changes',
  ],
];

/** Files that must know what the others must not. */
const EXEMPT: Readonly<Record<string, string>> = {
  'src/sim/guard.ts': 'takes the real clock, chance and timers away, so it names them',
  'src/sim/world.ts': 'lets the host breathe between two simulated events',
};

test('each part imports only those that the design lets it know', () => {
  const wrong = SOURCES.flatMap(({ path, imports }) => {
    const part = partOf(path);
    const may = MAY_IMPORT[part];
    if (may === undefined) return [];
    return imports
      .filter(({ target }) => target.endsWith('.ts'))
      .filter(({ target, typeOnly }) => {
        const other = partOf(target);
        if (other === part || may.all?.includes(other)) return false;
        return !(typeOnly && may.types?.includes(other));
      })
      .map(({ target }) => `${path} must not import ${target}`);
  });
  expect(wrong).toEqual([]);
});

test('every part has its rule', () => {
  const free = ['src/cli', 'src/version.ts', 'src/index.ts'];
  const parts = new Set(SOURCES.map(({ path }) => partOf(path)));
  expect([...parts].filter((part) => MAY_IMPORT[part] === undefined && !free.includes(part))).toEqual([]);
});

test('nothing on the path of a simulated run asks the real world for time, chance or timers', () => {
  const wrong = SOURCES.filter(
    ({ path }) => DETERMINISTIC.includes(partOf(path)) && !(path in EXEMPT),
  ).flatMap(({ path, code }) =>
    BANNED.filter(([call]) => call.test(code)).map(
      ([call, instead]) => `${path}: ${call.exec(code)![0]} is banned; use ${instead}`,
    ),
  );
  expect(wrong).toEqual([]);
});

test('no file imports itself by a detour', () => {
  const files = new Map(ALL.map((file) => [file.path, file]));
  const state = new Map<string, 'open' | 'done'>();
  const cycles: string[] = [];
  const visit = (path: string, trail: readonly string[]): void => {
    if (state.get(path) === 'done') return;
    if (state.get(path) === 'open') {
      cycles.push([...trail.slice(trail.indexOf(path)), path].join(' -> '));
      return;
    }
    state.set(path, 'open');
    for (const { target, typeOnly } of files.get(path)?.imports ?? [])
      if (!typeOnly) visit(target, [...trail, path]);
    state.set(path, 'done');
  };
  for (const path of files.keys()) visit(path, []);
  expect(cycles).toEqual([]);
});

test('every file is used by another, or is where users come in', () => {
  const used = new Set(
    [...SOURCES, ...sourceFiles('bench', 'catalogue')].flatMap(({ imports }) =>
      imports.map(({ target }) => target),
    ),
  );
  const doors = entryPoints();
  expect(doors.length).toBeGreaterThan(5);
  const dead = [...SOURCES, ...sourceFiles('bench', 'catalogue')]
    .map(({ path }) => path)
    .filter((path) => !used.has(path) && !doors.includes(path));
  expect(dead).toEqual([]);
});

test('files stay within 400 lines', () => {
  const files = ALL.filter(({ path }) => partOf(path) !== 'test');
  const long = files
    .map(({ path, text }) => ({ path, lines: text.split('\n').length }))
    .filter(({ lines }) => lines > 400);
  expect(long).toEqual([]);
});

test('there are no default exports, unfinished marks or tests switched off', () => {
  // Written in two halves, or this very file would offend.
  const marks = new RegExp(`\\b(${'TO' + 'DO'}|${'FIX' + 'ME'}|${'X' + 'XX'})\\b`);
  const wrong = ALL.flatMap(({ path, code, text }: SourceFile) => [
    ...(/^export default\b/m.test(code) ? [`${path}: default export`] : []),
    ...(marks.test(text) ? [`${path}: unfinished mark`] : []),
    ...(/\b(test|describe|it)\.(only|skip|todo)\b/.test(code) ? [`${path}: a test is switched off`] : []),
  ]);
  expect(wrong).toEqual([]);
});

/** `histories`, `src/world`, `src/index.ts` ... */
function partOf(path: string): string {
  if (path.startsWith('src/systems/linux/')) return 'src/systems/linux';
  const [first, second] = path.split('/');
  return first === 'src' ? `src/${second}` : first!;
}

/** The sources of what package.json offers or runs. */
function entryPoints(): string[] {
  const manifest = readFileSync(join(ROOT, 'package.json'), 'utf8');
  const paths = [...manifest.matchAll(/dist\/([\w/-]+)\.js/g)].map(([, path]) => `${path}.ts`);
  return [...new Set(paths)];
}
