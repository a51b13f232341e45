import type { NodeId } from '../../faults/fault.ts';
import type { LiePolicy } from '../../faults/lie.ts';
import type { Client } from '../../world/client.ts';
import { MICROSECOND, SECOND } from '../../world/nanos.ts';
import type { NodeSite, ProcessDeployment, ServerClientContext } from '../../world/process-deployment.ts';
import type { ClientContext, SimDeployment } from '../../world/system.ts';
import { MOST_NODES } from '../lease.ts';
import { Connection } from './connection.ts';
import { packed } from './frames.ts';
import type { NodeTask } from './task.ts';

export interface NodeProgramsOptions
  extends Pick<NodeTask, 'system' | 'workload' | 'bugs' | 'parameters' | 'seed' | 'transport'> {
  /** What the system deploys in the simulator. */
  readonly deployment: SimDeployment;
  /** The command that runs one node; it gets a `NodeTask` as JSON for its last argument. */
  readonly command: readonly [program: string, ...args: string[]];
}

/** Deploys node programs as real processes, one for each node, unchanged. For one run. */
export function nodeProgramsDeployment(options: NodeProgramsOptions): ProcessDeployment {
  const { deployment, command, system, workload, bugs, parameters, seed, transport } = options;
  const epoch = Math.floor(Date.now() / 1000);
  const connections = new Map<NodeId, Connection>();
  const liars = new Map<NodeId, LiePolicy | null>();
  let report: (node: NodeId, event: unknown) => void = () => {};
  let clients = 0;
  const controls = (node: NodeSite): Connection => {
    let connection = connections.get(node.id);
    if (connection === undefined) {
      connection = new Connection(node, (event) => report(node.id, event));
      connections.set(node.id, connection);
    }
    return connection;
  };
  return {
    // They run on the Node that runs Momus.
    requires: [],
    nodes: deployment.nodes ?? { default: 5, min: 1, max: MOST_NODES },
    startsWithin: 60 * SECOND,
    processes: (node, nodes, { bootstrap }) => {
      const task: NodeTask = {
        ...{ system, workload, bugs, parameters, seed, transport, epoch },
        node: node.id,
        nodes: nodes.map(({ id, address }) => ({ id, address })),
        data: node.data,
        home: node.home,
        lies: liars.get(node.id) ?? null,
        waits: bootstrap,
      };
      return [{ name: 'node', command: [...command, JSON.stringify(task)] }];
    },
    /** All programs begin once all nodes listen, so that no first message is lost. */
    async bootstrap(cluster) {
      for (const { id } of cluster.nodes) await cluster.start(id, { bootstrap: true });
      await Promise.all(cluster.nodes.map(({ id }) => cluster.ready(id)));
      await Promise.all(cluster.nodes.map((node) => controls(node).ask({ ask: 'begin' })));
    },
    async ready(node) {
      await controls(node).ask({ ask: 'ready' });
      return true;
    },
    leads: async (node) => (await controls(node).ask({ ask: 'leads' })) === true,
    async lie(node, policy) {
      liars.set(node.id, policy);
      // A dead node hears of it when it is started; a paused one once it goes on.
      void controls(node)
        .ask({ ask: 'lie', policy })
        .catch(() => {});
    },
    wallClock: {
      ask: async (node) => (await controls(node).ask({ ask: 'clock' })) as number,
      granularity: MICROSECOND,
    },
    onTrace(listener) {
      report = listener;
    },
    newClient: (context) => newClient(deployment, `c${++clients}`, context),
  };
}

function newClient(
  deployment: SimDeployment,
  id: NodeId,
  { process, nodes, random }: ServerClientContext,
): Client {
  const connections = new Map(nodes.map((node) => [node.id, new Connection(node)]));
  const context: ClientContext = {
    id,
    process,
    nodes: nodes.map((node) => node.id),
    // A process may have several clients, one after another.
    random: random.fork(id),
    request(node, query) {
      const connection = connections.get(node);
      if (connection === undefined) return Promise.reject(new Error(`no node "${node}" in this cluster`));
      return connection.ask({ ask: 'request', client: id, query: packed(query) });
    },
    sleep: (delay) => new Promise((resolve) => setTimeout(resolve, Math.ceil(delay / 1e6))),
  };
  const client = deployment.client(context);
  return {
    open: (node) => client.open(node),
    invoke: (operation) => client.invoke(operation),
    async close() {
      try {
        await client.close();
      } finally {
        for (const connection of connections.values()) connection.close();
      }
    },
  };
}
