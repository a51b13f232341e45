import { registry } from '../campaign/registry.ts';
import {
  deadRuns,
  examineBinary,
  examineMachine,
  type Finding,
  type FoundBinary,
  install,
  remains,
} from '../linux/doctor.ts';
import { installBeside } from '../linux/npm-install.ts';
import { examinePackage, type FoundPackage, npmInstall } from '../linux/npm-packages.ts';
import { table } from '../report/layout.ts';
import { requirementsOf } from '../spec/requirements.ts';
import type { NpmPackage } from '../world/process-deployment.ts';
import { worldsOf } from '../world/system.ts';
import { choose } from './choose.ts';
import type { DoctorFlags } from './doctor-command.ts';
import { EXIT } from './exit-codes.ts';
import type { Terminal } from './terminal.ts';

/** A system, and what it needs. */
interface Server {
  readonly system: string;
  readonly binaries: readonly FoundBinary[];
  readonly npm: readonly FoundPackage[];
}

/** `momus doctor`: what this machine can do. Returns 0 when it can do all that was asked for, else 1. */
export async function doctor(
  names: readonly string[],
  flags: DoctorFlags,
  terminal: Terminal,
): Promise<number> {
  const inLinux = Object.values(registry.systems).filter((system) => worldsOf(system).includes('linux'));
  const known = inLinux.map(({ name }) => name);
  for (const name of names) choose(name, known, 'doctor');
  const wanted = names.length === 0 ? inLinux : inLinux.filter(({ name }) => names.includes(name));
  const examine = async () => {
    const servers = wanted.map(async (system): Promise<Server> => {
      const { binaries, npm } = requirementsOf(system);
      return {
        system: system.name,
        binaries: await Promise.all(binaries.map(examineBinary)),
        npm: npm.map(examinePackage),
      };
    });
    return (await Promise.all(servers)).filter(({ binaries, npm }) => binaries.length + npm.length > 0);
  };
  let servers = await examine();
  if (flags.install) {
    await installAll(servers);
    servers = await examine();
  }
  const machine = await examineMachine();
  const dead = deadRuns();
  const absent = absentFromNpm(servers);
  const ok =
    machine.every((finding) => finding.ok) && missingPackages(servers).length === 0 && absent.length === 0;
  if (flags.json) {
    terminal.out(JSON.stringify({ ok, machine, servers, dead }));
    return ok ? EXIT.valid : EXIT.invalid;
  }
  const { paint } = terminal;
  const mark = (good: boolean) => (good ? paint.green('✓') : paint.red('✗'));
  terminal.out(paint.bold('This machine'));
  terminal.out(
    table(
      machine.map(({ what, ok: good, detail }: Finding) => [mark(good), what, detail]),
      '  ',
    ),
  );
  terminal.out(`\n${paint.bold('Servers')}`);
  terminal.out(
    table(
      servers.flatMap((server) => serverRows(server, mark)),
      '  ',
    ),
  );
  const still = missingPackages(servers);
  if (still.length > 0)
    terminal.out(
      `\n  ${terminal.momus} doctor --install${names.map((name) => ` ${name}`).join('')} brings ${still.join(', ')}`,
    );
  if (absent.length > 0)
    terminal.out(`\n  ${npmInstall(absent)} brings ${absent.map(({ name }) => name).join(', ')}`);
  if (dead.length > 0) {
    terminal.out(`\n${paint.bold('Left behind by runs whose controller was killed')}`);
    for (const lease of dead) terminal.out(`  run ${lease.id}: ${remains(lease).join(', ') || 'its mark'}`);
    terminal.out(`  ${terminal.momus} doctor --clean takes it away`);
  }
  return ok ? EXIT.valid : EXIT.invalid;
}

/** Installs what is missing: the programs with apt-get, the packages of npm beside Momus. */
async function installAll(servers: readonly Server[]): Promise<void> {
  const [missing, absent] = [missingPackages(servers), absentFromNpm(servers)];
  if (missing.length > 0) await install(missing);
  if (absent.length > 0) await installBeside(absent);
}

function serverRows({ system, binaries, npm }: Server, mark: (good: boolean) => string): string[][] {
  const rows = [
    ...binaries.map(({ binary, path, version }) => [
      mark(path !== null),
      binary.binary.split('/').at(-1)!,
      path === null ? 'missing' : (version ?? path),
      `Debian package ${binary.package}`,
    ]),
    ...npm.map(({ package: { name, version: tried }, version }) => [
      mark(version !== null),
      name,
      version ?? 'missing',
      `npm package ${name}@${tried}`,
    ]),
  ];
  return rows.map(([sign, ...rest], i) => [sign!, i === 0 ? system : '', ...rest]);
}

/** Each package once, though several systems need it. */
function absentFromNpm(servers: readonly Server[]): NpmPackage[] {
  const absent = servers.flatMap(({ npm }) => npm).filter(({ version }) => version === null);
  return [...new Map(absent.map((one) => [one.package.name, one.package])).values()];
}

function missingPackages(servers: readonly Server[]): string[] {
  const missing = servers.flatMap(({ binaries }) => binaries).filter(({ path }) => path === null);
  return [...new Set(missing.map(({ binary }) => binary.package))];
}
