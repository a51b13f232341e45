// Makes a fresh or updated checkout ready to run: dependencies, then the build, each only when it is out of date.
// Nothing but Node's own modules may be imported here, because nothing else is installed yet.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const SOURCES = ['src', 'checkers', 'histories', 'nemeses', 'workloads', 'bench', 'catalogue'];
const BUILT = 'dist/.built';

const nodeMajor = Number(process.versions.node.split('.')[0]);
if (nodeMajor < 20) fail(`Momus needs Node 20 or newer; this is ${process.version}`);

if (modified('node_modules/.package-lock.json') < modified('package-lock.json')) {
  console.log('installing dependencies (npm ci)');
  npm(['ci', '--no-audit', '--no-fund', '--loglevel=error']);
}

if (process.argv.includes('--build') || modified(BUILT) < newestSource()) {
  console.log('building (tsc)');
  // From nothing, so that no output of a deleted source survives.
  rmSync(join(ROOT, 'dist'), { recursive: true, force: true });
  run(process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json']);
  writeFileSync(join(ROOT, BUILT), '');
}

function npm(args) {
  // Under `npm start` this names the npm that is running, which spares a search and a shell on Windows.
  const cli = process.env.npm_execpath;
  if (cli?.endsWith('.js')) run(process.execPath, [cli, ...args]);
  else run(process.platform === 'win32' ? 'npm.cmd' : 'npm', args);
}

/** Runs a command that prints only when it fails. */
function run(command, args) {
  const done = spawnSync(command, args, { cwd: ROOT, encoding: 'utf8', shell: command.endsWith('.cmd') });
  if (done.status === 0) return;
  process.stderr.write(`${done.stdout ?? ''}${done.stderr ?? ''}`);
  fail(`${[command, ...args].join(' ')} failed: ${done.error?.message ?? `exit code ${done.status}`}`);
}

function fail(message) {
  console.error(message);
  process.exit(1);
}

function newestSource() {
  const files = ['package.json', 'tsconfig.json', 'tsconfig.build.json', 'package-lock.json'];
  return Math.max(...files.map(modified), ...SOURCES.map(newestUnder));
}

/** The latest change in a folder; folders count too, because a deleted file shows only in its folder's time. */
function newestUnder(folder) {
  let newest = modified(folder);
  const inside = existsSync(join(ROOT, folder))
    ? readdirSync(join(ROOT, folder), { withFileTypes: true })
    : [];
  for (const entry of inside) {
    const path = join(folder, entry.name);
    newest = Math.max(newest, entry.isDirectory() ? newestUnder(path) : modified(path));
  }
  return newest;
}

/** When a file was last changed, ms; long ago if there is none. */
function modified(path) {
  return statSync(join(ROOT, path), { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
