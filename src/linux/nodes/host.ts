import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { NodeId } from '../../faults/fault.ts';
import { SECOND } from '../../world/nanos.ts';
import type { Effect, NodeContext, NodeProgram, RequestId } from '../../world/node-program.ts';
import { randomOf } from '../../world/random.ts';
import type { SimDeployment } from '../../world/system.ts';
import { loadWallClock } from '../libc.ts';
import { Door } from './door.ts';
import { Files } from './files.ts';
import { decodeFrame, encodeFrame, type Frame, packed, unpacked } from './frames.ts';
import { Liar } from './liar.ts';
import { Peers } from './peers.ts';
import type { NodeTask } from './task.ts';
import { Timers } from './timers.ts';

/** Wall clocks show this at the epoch of the task (ns), as the simulator's do at its beginning. */
const FIRST_TIME = 1_000_000 * SECOND;

/** An answer that goes by way of the node to which its client is connected. */
interface PassedOn {
  readonly request: RequestId;
  readonly answer: unknown;
}

/**
 * Runs the program of one node in this process, with real messages, clocks, timers and files; whatever it throws ends
 * the process. Resolves once the node listens.
 */
export async function hostNode({ program: make }: SimDeployment, task: NodeTask): Promise<void> {
  const self = task.nodes.find(({ id }) => id === task.node)!;
  let program: NodeProgram<unknown, unknown> | null = null;
  /** What came before the program began. */
  let early: (() => void)[] = [];

  /** Every event of the program comes through here. */
  const happen = (event: (program: NodeProgram<unknown, unknown>) => Effect | undefined): void => {
    if (program === null) {
      early.push(() => happen(event));
      return;
    }
    try {
      const effect = event(program);
      if (effect instanceof Promise) effect.catch(crash);
    } catch (error) {
      crash(error);
    }
  };

  const onFrame = (from: NodeId, { kind, content }: Frame): void => {
    if (kind !== 'pass-on') {
      liar.hears(content);
      happen((one) => one.onMessage(from, content));
    } else door.reply((content as PassedOn).request, unpacked((content as PassedOn).answer));
  };
  const begin = (): void => {
    if (program !== null) return;
    try {
      program = make(context);
    } catch (error) {
      crash(error);
    }
    happen((one) => one.onStart?.());
    const events = early;
    early = [];
    for (const event of events) event();
  };

  const transmit = (to: NodeId, content: unknown): void => {
    const frame: Frame = { kind: content instanceof Uint8Array ? 'bytes' : 'json', content };
    if (to !== task.node) peers.send(to, frame);
    else {
      // The receiver gets what it would get over a wire, later than now.
      const copy = decodeFrame(encodeFrame(frame))!;
      setImmediate(() => onFrame(to, copy));
    }
  };

  const random = randomOf(task.seed).fork(`node/${task.node}/${countStart(task.home)}`);
  const liar = new Liar(task.node, random.fork('lies'));
  liar.lies(task.lies);
  const wallClock = await loadWallClock(task.epoch);
  const peers = await Peers.open({ self, nodes: task.nodes, transport: task.transport, onFrame });
  const door = await Door.open({
    address: self.address,
    onRequest: (request, query) => happen((one) => one.onRequest?.(request, query)),
    begin,
    leads: () => program?.leads?.() ?? false,
    lie: (policy) => liar.lies(policy),
    clock: () => wallClock() + task.epoch * SECOND,
  });
  const timers = new Timers((name) => happen((one) => one.onTimer?.(name)));
  const disk = new Files(task.data, (tag, error) => happen((one) => one.onSynced?.(tag, error)));
  const began = process.hrtime.bigint();

  const context: NodeContext<unknown> = {
    id: task.node,
    peers: task.nodes.map(({ id }) => id).filter((id) => id !== task.node),
    random,
    wallClock: () => FIRST_TIME + wallClock(),
    monotonic: () => Number(process.hrtime.bigint() - began),
    send(to, message) {
      for (const said of liar.says(message)) transmit(to, said);
    },
    reply(request, answer) {
      if (door.reply(request, answer)) return;
      const content: PassedOn = { request, answer: packed(answer) };
      for (const peer of context.peers) peers.send(peer, { kind: 'pass-on', content });
    },
    setTimer: (name, delay) => timers.set(name, delay),
    cancelTimer: (name) => timers.cancel(name),
    disk,
    trace: (event) => door.trace(event),
  };
  if (!task.waits) begin();
}

/** The program failed; its supervisor will start it again. The reason goes to the log, in few lines. */
function crash(error: unknown): never {
  const stack = error instanceof Error ? (error.stack ?? String(error)) : String(error);
  console.error(stack.split('\n').slice(0, 4).join('\n'));
  process.exit(1);
}

/** How often the node was started before this: each of its lives draws other random numbers. */
function countStart(home: string): number {
  const file = join(home, 'starts');
  let starts = 0;
  try {
    starts = Number(readFileSync(file, 'utf8'));
  } catch {
    // The first.
  }
  writeFileSync(file, String(starts + 1));
  return starts + 1;
}
