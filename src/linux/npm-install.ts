import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import type { NpmPackage } from '../world/process-deployment.ts';
import { UsageError } from '../world/usage-error.ts';
import { npmInstall } from './npm-packages.ts';

/** The folder into which npm has put Momus; null where Momus runs from its own checkout. */
export function projectAround(file: string): string | null {
  const end = file.lastIndexOf(`${sep}node_modules${sep}`);
  return end < 0 ? null : file.slice(0, end);
}

/**
 * Installs packages beside Momus, as whoever owns that project, for root has no business in it. Throws a `UsageError`
 * where that can't be done.
 */
export async function installBeside(packages: readonly NpmPackage[]): Promise<void> {
  const project = projectAround(fileURLToPath(import.meta.url));
  const byHand = `install by hand: ${npmInstall(packages)}`;
  if (project === null) throw new UsageError(`doctor --install: Momus runs from its checkout; ${byHand}`);
  const isGlobal = !existsSync(join(project, 'package.json'));
  // That of this very Node, if it has one.
  const npm = join(dirname(process.execPath), 'npm');
  const names = packages.map(({ name, version }) => `${name}@${version}`);
  const { uid, gid } = statSync(project);
  const done = await execa(
    existsSync(npm) ? npm : 'npm',
    ['install', '--no-audit', '--no-fund', ...(isGlobal ? ['--global'] : []), ...names],
    {
      cwd: project,
      uid,
      gid,
      env: environmentOf(uid, project),
      extendEnv: false,
      stdio: ['ignore', 2, 2],
      reject: false,
    },
  );
  if (done.exitCode !== 0)
    throw new UsageError(`doctor --install: npm could not install ${names.join(', ')}, see above; ${byHand}`);
}

/** Ours, but with the owner's settings and cache of npm, not with those of root that npx has set. */
function environmentOf(uid: number, project: string): NodeJS.ProcessEnv {
  const ours = Object.entries(process.env).filter(([name]) => !ROOTS_OWN.test(name));
  const users = readFileSync('/etc/passwd', 'utf8').split('\n');
  const home = users.map((line) => line.split(':')).find(([, , id]) => id === String(uid))?.[5];
  return { ...Object.fromEntries(ours), HOME: home !== undefined && existsSync(home) ? home : project };
}

const ROOTS_OWN = /^npm_config_(cache|userconfig|globalconfig|prefix|local_prefix|global_prefix)$/i;
