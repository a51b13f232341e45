import type { History } from '../../histories/history.ts';
import { INVOKE, NEMESIS } from '../../histories/op.ts';
import { HEAL } from '../controller/interpreter.ts';
import type { ScriptedFault, ScriptedOperation, WholeScript } from '../spec/script.ts';
import type { TestSpec } from '../spec/test-spec.ts';

/** What clients and the nemesis did but for the final reads, as a script that repeats it. */
export function scriptOf(
  history: History,
  { concurrency, recovery }: Pick<TestSpec, 'concurrency' | 'recovery'>,
): WholeScript {
  const operations: ScriptedOperation[] = [];
  const faults: ScriptedFault[] = [];
  let end = Number.POSITIVE_INFINITY;
  for (let i = 0; i < history.length; i++) {
    if (history.type[i] !== INVOKE) continue;
    const { time: at, process, f, value, key, node } = history.op(i);
    if (at >= end) break;
    if (history.process[i] === NEMESIS) {
      if (f === HEAL) end = history.time[history.pair[i]!]! + recovery;
      else faults.push({ at, kind: f, ...(value as object) } as ScriptedFault);
    } else {
      operations.push({ at, thread: Number(process) % concurrency, f, value, key, node });
    }
  }
  return { operations, faults };
}
