import { HistoryBuilder } from '../histories/builder.ts';
import type { History } from '../histories/history.ts';

/** What a made-up run on registers looks like. */
export interface RegisterRun {
  readonly operations: number;
  readonly keys: number;
  readonly clients: number;
  /** Operations that never complete; half of them take effect. */
  readonly pending: number;
  /** Written values are 0 to `values` - 1, or never the same when undefined. */
  readonly values?: number;
  /** Shares of reads and writes in 100; the rest is compare-and-set. */
  readonly reads: number;
  readonly writes: number;
  readonly seed: number;
  /**
   * Let reads of key 0 lie in the middle, while nothing else goes on: too often for pending writes to explain
   * it.
   */
  readonly wrong?: boolean;
}

/** A small generator of pseudorandom numbers (mulberry32), for histories that are the same every time. */
export function randomNumbers(seed: number): (below: number) => number {
  let a = seed >>> 0;
  return (below) => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 4294967296) * below);
  };
}

interface Client {
  process: number;
  state: 'idle' | 'invoked' | 'applied';
  f: string;
  key: number;
  value: unknown;
  type: 'ok' | 'fail';
  result: unknown;
  pending: boolean;
}

/** A history of registers that really were atomic, all clients busy all the time. */
export function registerHistory(run: RegisterRun): History {
  const random = randomNumbers(run.seed);
  const builder = new HistoryBuilder();
  const registers: unknown[] = new Array(run.keys).fill(null);
  let lie = run.wrong === true;
  const clients = Array.from({ length: run.clients }, (_, process) => ({ process, state: 'idle' }) as Client);
  let processes = run.clients;
  let serial = 0;
  let begun = 0;
  const every = run.pending > 0 ? Math.floor(run.operations / run.pending) : Number.POSITIVE_INFINITY;
  const fresh = () => (run.values === undefined ? ++serial : random(run.values));
  let busy = 0;
  for (let time = 0; begun < run.operations || busy > 0; time += 1000) {
    if (lie && begun * 2 > run.operations && busy === 0) {
      lie = false;
      time = tellLies(builder, time, registers[0]);
    }
    const client = clients[random(clients.length)]!;
    const { process, key } = client;
    if (client.state === 'idle') {
      if (begun === run.operations || (lie && begun * 2 > run.operations)) continue;
      begun++;
      busy++;
      client.key = random(run.keys);
      client.pending = begun % every === 0;
      const dice = random(100);
      client.f = dice < run.reads ? 'read' : dice < run.reads + run.writes ? 'write' : 'cas';
      client.value = null;
      if (client.f === 'write') client.value = fresh();
      if (client.f === 'cas')
        client.value = [run.values === undefined ? registers[client.key] : random(run.values), fresh()];
      client.state = 'invoked';
      builder.append({ time, process, type: 'invoke', f: client.f, key: client.key, value: client.value });
    } else if (client.state === 'invoked') {
      client.state = 'applied';
      client.type = 'ok';
      client.result = client.value;
      if (client.pending && random(2) === 0) continue;
      if (client.f === 'read') {
        client.result = registers[key];
        continue;
      }
      const [from, to] =
        client.f === 'cas' ? (client.value as [unknown, unknown]) : [registers[key], client.value];
      if (from === registers[key]) {
        registers[key] = to;
      } else client.type = 'fail';
    } else {
      client.state = 'idle';
      busy--;
      const type = client.pending ? 'info' : client.type;
      const value = client.pending ? client.value : client.result;
      const error = type === 'fail' ? { error: 'mismatch' } : {};
      builder.append({ time, process, type, f: client.f, key, value, ...error });
      if (client.pending) client.process = processes++;
    }
  }
  return builder.build();
}

/** One process alone reads two values of key 0 in turn. */
function tellLies(builder: HistoryBuilder, time: number, value: unknown): number {
  let now = time;
  for (let i = 0; i < 100; i++) {
    const event = { process: 0, f: 'read', key: 0 };
    builder.append({ ...event, time: now++, type: 'invoke', value: null });
    builder.append({ ...event, time: now++, type: 'ok', value: i % 2 === 0 ? value : value === 1 ? 2 : 1 });
  }
  return now;
}
