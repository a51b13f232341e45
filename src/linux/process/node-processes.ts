import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import type { NodeSite, ServerProcess } from '../../world/process-deployment.ts';
import type { NodeGroup } from './node-group.ts';

/** How one of a node's processes ended though nobody had asked for it. */
export interface UnexpectedExit {
  readonly process: string;
  readonly code: number | null;
  readonly signal: string | null;
  /** The last lines of its log. */
  readonly log: readonly string[];
}

export interface NodeProcessesOptions {
  readonly site: NodeSite;
  readonly group: NodeGroup;
  /** The network namespace. */
  readonly namespace: string;
  /** Unix user of the servers; root without. */
  readonly user: string | undefined;
  /** Marks in the environment of every process. */
  readonly environment: Readonly<Record<string, string>>;
  /** Folder of the node's logs. */
  readonly logs: string;
  onExit(exit: UnexpectedExit): void;
}

const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** How long a process may take to heed SIGTERM, ms. */
const GENTLE = 5_000;

/** How long a command may take on a node, ms: what sets up a database takes its time on a busy machine. */
const COMMAND_WITHIN = 180_000;

const LAST_LINES = 5;

type Command = readonly string[];

/** The processes of one node: started together, hit together. */
export class NodeProcesses {
  paused = false;
  private readonly options: NodeProcessesOptions;
  private running: readonly Child[] = [];

  constructor(options: NodeProcessesOptions) {
    this.options = options;
    mkdirSync(options.logs, { recursive: true });
  }

  /** Whether all processes that were started still run. */
  get alive(): boolean {
    return (
      this.running.length > 0 &&
      this.running.every(({ exitCode, signalCode }) => exitCode === null && signalCode === null)
    );
  }

  pids(): number[] {
    return this.options.group.pids();
  }

  start(processes: readonly ServerProcess[]): void {
    this.running = processes.map((server) => this.spawn(server));
  }

  /** Ends everything at once; says whether there was anything. */
  async kill(): Promise<boolean> {
    const was = this.alive;
    this.running = [];
    this.paused = false;
    await this.options.group.kill();
    return was;
  }

  /** Ends everything, gently if it heeds SIGTERM. */
  async stop(): Promise<void> {
    const { running } = this;
    this.running = [];
    for (const process of [...running].reverse()) process.kill('SIGTERM');
    await Promise.race([Promise.all(running), sleep(GENTLE, undefined, { ref: false })]);
    await this.kill();
  }

  async pause(): Promise<void> {
    this.paused = true;
    await this.options.group.freeze();
  }

  async resume(): Promise<boolean> {
    const was = this.paused;
    this.paused = false;
    if (was) await this.options.group.thaw();
    return was;
  }

  /** Runs a command to its end and gives what it printed. */
  async run(
    command: Command,
    { user = this.options.user, env = {}, input }: RunOptions = {},
  ): Promise<string> {
    const [program, ...args] = this.options.group.joining(this.inNode(command, user));
    const settings = {
      env: this.environment(env),
      extendEnv: false,
      cwd: this.options.site.home,
      cleanup: false,
      timeout: COMMAND_WITHIN,
    };
    const { stdout } = await execa(program!, args, input === undefined ? settings : { ...settings, input });
    return stdout;
  }

  /** The last lines of the log of a process. */
  lastLines(process: string): string[] {
    try {
      const lines = readFileSync(this.logFile(process), 'utf8').trimEnd().split('\n');
      return lines.filter((line) => line !== '').slice(-LAST_LINES);
    } catch {
      return [];
    }
  }

  private spawn(server: ServerProcess): Child {
    const { group, site, user } = this.options;
    const command = group.joining(this.logging(server, this.inNode(server.command, user)));
    const child = launch(command, server.folder ?? site.home, this.environment(server.env ?? {}));
    void child.then(({ exitCode, signal, originalMessage }) => {
      if (!this.running.includes(child)) return;
      const lines = this.lastLines(server.name);
      const why = exitCode === undefined && signal === undefined ? [String(originalMessage)] : [];
      this.options.onExit({
        process: server.name,
        code: exitCode ?? null,
        signal: signal ?? null,
        log: [...lines, ...why],
      });
    });
    return child;
  }

  /** A command line that runs in the node's network as its user; each step becomes the next, so the pid is the server's. */
  private inNode(command: Command, user: string | undefined): Command {
    const enter = ['nsenter', `--net=/run/netns/${this.options.namespace}`, '--'];
    if (user === undefined || user === 'root') return [...enter, ...command];
    return [...enter, 'setpriv', `--reuid=${user}`, `--regid=${user}`, '--init-groups', '--', ...command];
  }

  /** Output goes straight to the file: a controller that dies or stalls breaks no pipe of a server. */
  private logging({ name }: ServerProcess, command: Command): Command {
    return ['sh', '-c', 'exec "$@" >> "$0" 2>&1', this.logFile(name), ...command];
  }

  private environment(more: Readonly<Record<string, string>>): Record<string, string> {
    const { home } = this.options.site;
    return { PATH, LANG: 'C.UTF-8', HOME: home, TMPDIR: home, ...this.options.environment, ...more };
  }

  private logFile(process: string): string {
    return join(this.options.logs, `${process}.log`);
  }
}

interface RunOptions {
  readonly user?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string;
}

type Child = ReturnType<typeof launch>;

function launch([program, ...args]: Command, folder: string, env: Record<string, string>) {
  return execa(program!, args, {
    env,
    extendEnv: false,
    cwd: folder,
    stdio: 'ignore',
    // A session of its own: Ctrl-C at the terminal is for the controller.
    detached: true,
    cleanup: false,
    reject: false,
  });
}
