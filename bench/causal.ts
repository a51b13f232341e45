import { pathToFileURL } from 'node:url';
import { type CausalLevel, causal, pram } from '../checkers/causal/causal.ts';
import { sessionGuarantees } from '../checkers/causal/session-guarantees.ts';
import { type Checker, DEFAULT_BUDGET } from '../checkers/checker.ts';
import { HistoryBuilder } from '../histories/builder.ts';
import type { History } from '../histories/history.ts';
import { isWanted, timed } from './measuring.ts';

/** Time and memory of the session-based checkers on histories of a causal store, 50 sessions. */
export function benchCausal(print: (row: string) => void): void {
  const levels: CausalLevel[] = ['causal', 'causal-convergence', 'causal-memory'];
  const checkers = [...levels.map((level) => causal({ level })), pram(), sessionGuarantees()];
  for (const keys of [100, 10_000]) {
    const wanted = checkers.filter(({ name }) => isWanted(`${name}, ${keys} keys`));
    if (wanted.length === 0) continue;
    const history = causalHistory(1_000_000, 50, keys);
    for (const checker of wanted) print(row(checker, history, keys));
  }
}

function row(checker: Checker, history: History, keys: number): string {
  const { result, seconds, mb } = timed(() => checker.check(history, { budget: DEFAULT_BUDGET }));
  return (
    `${checker.name}, ${keys} keys, ${history.length / 2} operations: ` +
    `${seconds.toFixed(2)} s CPU, ${mb} MB resident, valid ${result.valid}`
  );
}

/**
 * Operations of a store with a replica for each session. Each write reaches the other replicas after a while, in causal
 * order; of concurrent writes the last by Lamport time wins, so the history is causally convergent.
 */
export function causalHistory(operations: number, sessions: number, keys: number): History {
  const random = generator(1);
  const builder = new HistoryBuilder();
  const values = Array.from({ length: sessions }, () => new Int32Array(keys));
  const ranks = Array.from({ length: sessions }, () => new Float64Array(keys));
  const clock = new Float64Array(sessions);
  /** All writes in one order, which each replica follows at its own pace: that order is causal. */
  const log: { key: number; value: number; rank: number; session: number }[] = [];
  const applied = new Int32Array(sessions);
  let time = 0;
  for (let i = 0; i < operations; i++) {
    const s = random(sessions);
    const key = random(keys);
    const lag = random(4 * sessions);
    for (; applied[s]! < log.length - lag; applied[s]!++) {
      const write = log[applied[s]!]!;
      clock[s] = Math.max(clock[s]!, write.rank);
      if (write.rank > ranks[s]![key === -1 ? 0 : write.key]!) {
        ranks[s]![write.key] = write.rank;
        values[s]![write.key] = write.value;
      }
    }
    const writes = random(2) === 0;
    if (writes) {
      const rank = Math.floor(clock[s]! + 1) + s / sessions;
      clock[s] = rank;
      ranks[s]![key] = rank;
      values[s]![key] = i + 1;
      log.push({ key, value: i + 1, rank, session: s });
    }
    const held = values[s]![key]!;
    const f = writes ? 'write' : 'read';
    const value = held === 0 ? null : held;
    builder.append({ time: time++, process: s, type: 'invoke', f, key, value: writes ? value : null });
    builder.append({ time: time++, process: s, type: 'ok', f, key, value });
  }
  return builder.build();
}

/** A 32-bit linear congruential generator: `random(n)` is in [0, n). */
function generator(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 0x1_0000_0000) * below);
  };
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  benchCausal(console.log);
}
