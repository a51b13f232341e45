// Runs a test of real servers again and again, ends it at random moments by signals, and looks for what it left on the
// machine: node scripts/leftovers.mjs SYSTEM [--runs 10] [--seed 1] [--ends SIGINT,twice]
// [--within 20000] [-- flags of momus test]
//
// After SIGINT and SIGTERM nothing may be left, after SIGKILL nothing once `momus doctor --clean` was there. The search
// knows nothing of how Momus cleans up: it goes by the names of everything that a run makes. Momus
// gets a folder for temporary files of its own, and what is new in /tmp is told too, though it may be somebody else's.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import seedrandom from 'seedrandom';

const MOMUS = fileURLToPath(new URL('../dist/src/cli/main.js', import.meta.url));
const SHORT = [
  '--time-limit',
  '5s',
  '--settle',
  '1s',
  '--nemesis',
  'kill,pause,disk:interval=1s,duration=1s',
];

/** How a run is ended; `twice`: Ctrl-C by somebody who can't wait. */
const ENDS = 'SIGINT,SIGTERM,SIGKILL,twice';

/** How long Momus may take to end after a signal, ms. */
const PATIENCE = 60_000;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    runs: { type: 'string', default: '10' },
    seed: { type: 'string', default: '1' },
    ends: { type: 'string', default: ENDS },
    // The latest moment, ms; without it that is as long as a whole run takes, which is made first.
    within: { type: 'string' },
  },
});
const [system, ...flags] = positionals;
if (system === undefined) {
  console.error('which system? node scripts/leftovers.mjs etcd --runs 10 --seed 1');
  process.exit(64);
}
const random = seedrandom(values.seed);
const ends = values.ends.split(',');
const place = mkdtempSync(join(tmpdir(), 'leftovers-'));
const given = flags.length > 0 ? flags : SHORT;
const temporary = join(place, 'tmp');
mkdirSync(temporary);
const before = new Set(readdirSync('/tmp'));
let found = 0;

try {
  const latest = values.within === undefined ? await wholeRun() : Number(values.within);
  for (let i = 1; i <= Number(values.runs); i++) {
    const end = ends[Math.floor(random() * ends.length)];
    const after = Math.floor(random() * latest);
    const ended = await run(end, after);
    if (ended.code === 64) throw new Error(`momus refuses the run:\n${ended.printed}`);
    const cleaned = end === 'SIGKILL' ? `, cleaned in ${clean()} ms` : '';
    tell(i, `${end} after ${after} ms`, ended, cleaned);
  }
} finally {
  rmSync(place, { recursive: true });
}
console.log(found === 0 ? 'nothing was left behind' : `${found} runs left something behind`);
process.exitCode = found === 0 ? 0 : 1;

/** How long an undisturbed run takes, ms. */
async function wholeRun() {
  const whole = await run(undefined, Number.POSITIVE_INFINITY);
  tell(0, 'to its end', whole);
  if ([0, 1, 2].includes(whole.code)) return whole.took;
  throw new Error(`a whole run ends with ${whole.code}:\n${whole.printed}`);
}

/** One run, ended by a signal after so many ms, if it is not over by then. */
async function run(end, after) {
  const began = Date.now();
  const store = join(place, 'store');
  const momus = spawn(process.execPath, [MOMUS, 'test', system, ...given, '--store', store], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, TMPDIR: temporary },
  });
  let printed = '';
  for (const stream of [momus.stdout, momus.stderr]) stream.on('data', (text) => (printed += text));
  const timer = end && setTimeout(() => interrupt(momus, end), after);
  const hung = setTimeout(() => momus.kill('SIGKILL'), end ? after + PATIENCE : 10 * PATIENCE);
  const [code, signal] = await once(momus, 'exit');
  // Who outlives Momus may still hold these.
  for (const stream of [momus.stdout, momus.stderr]) stream.destroy();
  clearTimeout(timer);
  clearTimeout(hung);
  return { code: signal ?? code, took: Date.now() - began, printed };
}

/** Has the doctor clean up; gives how long that took, ms. */
function clean() {
  const began = Date.now();
  spawnSync(process.execPath, [MOMUS, 'doctor', '--clean'], { stdio: ['ignore', 'ignore', 'inherit'] });
  return Date.now() - began;
}

function interrupt(momus, end) {
  momus.kill(end === 'twice' ? 'SIGINT' : end);
  if (end === 'twice') setTimeout(() => momus.kill('SIGINT'), 300);
}

function tell(number, how, { code, took }, cleaned = '') {
  // Who was just beginning when its lease was looked for is no leftover at a second look.
  const again = new Set(leftovers());
  const left = leftovers().filter((one) => again.has(one));
  if (left.length > 0) found++;
  const result = left.length === 0 ? 'nothing left' : `LEFT: ${left.join(', ')}`;
  const fresh = entries('/tmp').filter((name) => !before.has(name));
  const others = fresh.length === 0 ? '' : ` (new in /tmp: ${fresh.join(', ')})`;
  console.log(
    `${system} ${number}: ${how}, ended with ${code} after ${took} ms${cleaned}: ${result}${others}`,
  );
  // What is left must not be found again.
  for (const name of fresh) before.add(name);
  if (left.length > 0) clean();
}

/** Everything that bears the name of a run whose controller does not live. */
function leftovers() {
  const living = livingRuns();
  const dead = (id) => id !== undefined && !living.has(id);
  const named = (names, pattern) => names.filter((name) => dead(pattern.exec(name)?.[1]));
  const mounts = readFileSync('/proc/self/mounts', 'utf8').split('\n');
  const cgroups = mounts.filter((line) => line.includes(' cgroup2 ')).map((line) => line.split(' ')[1]);
  return [
    ...named(entries('/run/momus'), /^(\d+)/).map((name) => `lease ${name}`),
    ...named(entries('/run/netns'), /^momus-(\d+)/).map((name) => `namespace ${name}`),
    ...named(entries('/dev/shm'), /^momus-(\d+)/).map((name) => `folder /dev/shm/${name}`),
    ...named(entries('/sys/class/net'), /^momus(\d+)-/).map((name) => `device ${name}`),
    ...cgroups.flatMap((root) => named(entries(root), /^momus-(\d+)/).map((name) => `group ${name}`)),
    ...named(mounts, /\/momus-(\d+)\//).map((line) => `mount ${line.split(' ')[1]}`),
    ...named(mounts, /^momus:(\d+):/).map((line) => `mount ${line.split(' ')[1]}`),
    ...processes().flatMap(({ pid, run, name }) =>
      dead(run) ? [`process ${pid} of run ${run}: ${name}`] : [],
    ),
    ...entries(temporary).map((name) => `temporary file ${name}`),
  ];
}

function livingRuns() {
  const runs = entries('/run/momus').flatMap((name) => {
    try {
      const { id, controller } = JSON.parse(readFileSync(join('/run/momus', name), 'utf8'));
      return existsSync(`/proc/${controller.pid}`) ? [String(id)] : [];
    } catch {
      return [];
    }
  });
  return new Set(runs);
}

/** Processes without a parent that bear the mark of a run in their environment or their control group. */
function processes() {
  return entries('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .flatMap((pid) => {
      try {
        const marks = ['environ', 'cgroup', 'cmdline'].map((file) =>
          readFileSync(`/proc/${pid}/${file}`, 'latin1'),
        );
        const run =
          /\0?MOMUS_RUN=(\d+)/.exec(marks[0])?.[1] ?? /momus-(\d+)/.exec(marks.slice(1).join('\n'))?.[1];
        const [state, parent] = readFileSync(`/proc/${pid}/stat`, 'latin1')
          .replace(/^.*\) /, '')
          .split(' ');
        // Who is dead and only waits for a parent to notice takes nothing; who has a parent is the parent's affair.
        if (run === undefined || state === 'Z' || parent !== '1') return [];
        return [{ pid, run, name: marks[2].replaceAll('\0', ' ').slice(0, 60) }];
      } catch {
        return [];
      }
    });
}

function entries(folder) {
  try {
    return statSync(folder).isDirectory() ? readdirSync(folder) : [];
  } catch {
    return [];
  }
}
