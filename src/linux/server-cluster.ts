import { setTimeout as sleep } from 'node:timers/promises';
import { ExecaError } from 'execa';
import type { NodeId } from '../faults/fault.ts';
import { formatDuration } from '../world/nanos.ts';
import type { Cluster, NodeSite, ProcessDeployment, StartOptions } from '../world/process-deployment.ts';
import { StartError } from '../world/start-error.ts';
import type { NodeProcesses, UnexpectedExit } from './process/node-processes.ts';

/** How often a node is asked whether it is ready, and how long it may take to answer (ms). */
const ASK_EVERY = 50;
const ANSWER_WITHIN = 2_000;

/** One node: where it lives, and its processes. */
export interface ServerNode {
  readonly site: NodeSite;
  readonly processes: NodeProcesses;
  /** How it last ended though nobody had asked for it, since it was last started. */
  exit: UnexpectedExit | null;
  /** Killed for ever: nobody starts it again. */
  gone: boolean;
}

/** The servers of a run, started and asked as their deployment says. */
export class ServerCluster implements Cluster {
  readonly nodes: readonly NodeSite[];
  private readonly servers: ReadonlyMap<NodeId, ServerNode>;
  private readonly deployment: ProcessDeployment;
  private readonly onStart: (node: ServerNode) => void;
  private ended = false;

  /** `onStart` hears of each start at once. */
  constructor(
    servers: readonly ServerNode[],
    deployment: ProcessDeployment,
    onStart: (node: ServerNode) => void,
  ) {
    this.nodes = servers.map(({ site }) => site);
    this.servers = new Map(servers.map((server) => [server.site.id, server]));
    this.deployment = deployment;
    this.onStart = onStart;
  }

  node(id: NodeId): ServerNode {
    const server = this.servers.get(id);
    if (server === undefined) throw new Error(`no node "${id}"; there are ${[...this.servers.keys()]}`);
    return server;
  }

  all(): ServerNode[] {
    return [...this.servers.values()];
  }

  /** Nothing is started any more. */
  end(): void {
    this.ended = true;
  }

  running(id: NodeId): boolean {
    return this.node(id).processes.alive;
  }

  async start(id: NodeId, options: StartOptions = { bootstrap: false }): Promise<void> {
    const server = this.node(id);
    if (server.processes.alive) return;
    // What an ended process left behind would be in the way of the new one.
    await server.processes.kill();
    if (this.ended) throw new Error('the run has ended');
    server.exit = null;
    server.processes.start(this.deployment.processes(server.site, this.nodes, options));
    this.onStart(server);
  }

  /** Ends the node's processes at once, and no supervisor starts them again; says whether there were any. */
  kill(id: NodeId): Promise<boolean> {
    const server = this.node(id);
    server.exit = null;
    return server.processes.kill();
  }

  async ready(id: NodeId): Promise<void> {
    const server = this.node(id);
    const deadline = Date.now() + this.deployment.startsWithin / 1e6;
    while (!(await this.asked(this.deployment.ready(server.site)))) {
      if (server.exit !== null)
        throw new StartError(`${id}: ${describeExit(server.exit)} before it was ready`);
      if (Date.now() > deadline) throw new StartError(this.notReady(server));
      await sleep(ASK_EVERY);
    }
  }

  async stop(id: NodeId): Promise<void> {
    await this.node(id).processes.stop();
  }

  run(id: NodeId, command: readonly [string, ...string[]], options = {}): Promise<string> {
    return this.node(id).processes.run(command, options);
  }

  /** Brings the empty cluster up. Throws a `StartError` when the servers don't. */
  async bootstrap(): Promise<void> {
    try {
      if (this.deployment.bootstrap !== undefined) return await this.deployment.bootstrap(this);
      for (const { id } of this.nodes) await this.start(id, { bootstrap: true });
      await Promise.all(this.nodes.map(({ id }) => this.ready(id)));
    } catch (error) {
      if (this.ended || isMistake(error)) throw error;
      throw new StartError(`the servers did not come up: ${this.whyNot(error)}`, { cause: error });
    }
  }

  /** Brings dead nodes back and waits for all; gives those that don't get ready, with the reason. */
  async recover(): Promise<ReadonlyMap<NodeId, string>> {
    const late = new Map<NodeId, string>();
    const living = this.all().filter(({ gone }) => !gone);
    if (this.deployment.recover !== undefined)
      await this.deployment.recover(this).catch((error: unknown) => late.set('', messageOf(error)));
    else for (const { site } of living) await this.start(site.id);
    await Promise.all(
      living.map(({ site }) =>
        this.ready(site.id).catch((error: unknown) => late.set(site.id, messageOf(error))),
      ),
    );
    return late;
  }

  /** The nodes that say now that they lead. */
  async leaders(): Promise<NodeId[]> {
    const { leads } = this.deployment;
    if (leads === undefined) return [];
    const running = this.all().filter(({ processes }) => processes.alive && !processes.paused);
    const answers = await Promise.all(running.map(({ site }) => this.asked(leads(site))));
    return running.filter((_, i) => answers[i]).map(({ site }) => site.id);
  }

  /** A node that does not answer, or not in time, says no. */
  private asked(question: Promise<boolean>): Promise<boolean> {
    return Promise.race([question.catch(() => false), sleep(ANSWER_WITHIN, false, { ref: false })]);
  }

  /** A step that fails because a server has ended says less than that server does. */
  private whyNot(error: unknown): string {
    if (error instanceof StartError) return error.message;
    const ends = this.all().flatMap(({ site, exit }) =>
      exit === null ? [] : [`${site.id}: ${describeExit(exit)}`],
    );
    return [messageOf(error), ...ends].join('; ');
  }

  private notReady({ site, processes }: ServerNode): string {
    const names = this.deployment.processes(site, this.nodes, { bootstrap: false }).map(({ name }) => name);
    const logs = names.flatMap((name) => processes.lastLines(name).map((line) => `\n  ${name}: ${line}`));
    const within = formatDuration(this.deployment.startsWithin);
    return `${site.id} was not ready within ${within}; its log ends${logs.length === 0 ? ' empty' : logs.join('')}`;
  }
}

/** `etcd ended with code 1`, and the end of its log. */
export function describeExit({ process, code, signal, log }: UnexpectedExit): string {
  const how = signal === null ? `with code ${code}` : `by ${signal}`;
  return `${process} ended ${how}${log.length === 0 ? '' : ` (${log.join(' | ')})`}`;
}

/** A mistake in the program of a deployment, whose stack its author wants to see. A failed `fetch` has a cause. */
function isMistake(error: unknown): boolean {
  const kinds = [TypeError, ReferenceError, RangeError, SyntaxError];
  return kinds.some((kind) => error instanceof kind) && (error as Error).cause === undefined;
}

function messageOf(error: unknown): string {
  if (error instanceof ExecaError) return [error.shortMessage, ...lastLines(error)].join(': ');
  return error instanceof Error ? error.message : String(error);
}

function lastLines({ stderr }: ExecaError): string[] {
  const lines = String(stderr ?? '')
    .trimEnd()
    .split('\n')
    .slice(-3)
    .join(' | ');
  return lines === '' ? [] : [lines];
}
