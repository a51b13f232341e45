import { HistoryBuilder } from '../histories/builder.ts';
import type { History } from '../histories/history.ts';
import { randomNumbers } from './register-histories.ts';

/** What a made-up run on a queue, stack or set looks like. */
export interface ContainerRun {
  readonly kind: 'queue' | 'stack' | 'set';
  readonly operations: number;
  readonly clients: number;
  readonly seed: number;
  /** Lose an element in the middle. */
  readonly wrong?: boolean;
}

interface Client {
  state: 'idle' | 'invoked' | 'applied';
  f: string;
  value: unknown;
  result: unknown;
}

/**
 * A history of a container that really was atomic, all clients busy all the time, every element a different
 * one.
 */
export function containerHistory(run: ContainerRun): History {
  const random = randomNumbers(run.seed);
  const builder = new HistoryBuilder();
  const clients = Array.from({ length: run.clients }, () => ({ state: 'idle' }) as Client);
  const apply = { queue: takeFirst, stack: takeLast, set: useSet }[run.kind]();
  const [put, take] = { queue: ['enqueue', 'dequeue'], stack: ['push', 'pop'], set: ['add', 'remove'] }[
    run.kind
  ] as [string, string];
  let serial = 0;
  let begun = 0;
  let busy = 0;
  let lost = false;
  for (let time = 0; begun < run.operations || busy > 0; time += 1000) {
    const process = random(clients.length);
    const client = clients[process]!;
    if (client.state === 'idle') {
      if (begun === run.operations) continue;
      begun++;
      busy++;
      client.state = 'invoked';
      client.f = random(2) === 0 ? put : run.kind === 'set' && random(2) === 0 ? 'contains' : take;
      client.value =
        client.f === put ? ++serial : run.kind === 'set' ? Math.max(1, serial - random(100)) : null;
      builder.append({ time, process, type: 'invoke', f: client.f, value: client.value });
    } else if (client.state === 'invoked') {
      client.state = 'applied';
      client.result = apply(client.f, client.value);
      if (run.wrong === true && !lost && begun * 2 > run.operations && client.f === put) {
        lost = true;
        apply(take, client.value);
      }
    } else {
      client.state = 'idle';
      busy--;
      builder.append({ time, process, type: 'ok', f: client.f, value: client.result });
    }
  }
  return builder.build();
}

type Apply = (f: string, value: unknown) => unknown;

function takeFirst(): Apply {
  const elements: unknown[] = [];
  let head = 0;
  return (f, value) => {
    if (f !== 'enqueue') return head < elements.length ? elements[head++] : null;
    elements.push(value);
    return value;
  };
}

function takeLast(): Apply {
  const elements: unknown[] = [];
  return (f, value) => {
    if (f !== 'push') return elements.pop() ?? null;
    elements.push(value);
    return value;
  };
}

function useSet(): Apply {
  const elements = new Set<unknown>();
  return (f, value) => {
    if (f === 'contains') return elements.has(value);
    if (f === 'remove') return elements.delete(value);
    elements.add(value);
    return true;
  };
}
