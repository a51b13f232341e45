import type { History } from '../../../histories/history.ts';
import { INVOKE, NEMESIS } from '../../../histories/op.ts';
import { HEAL } from '../../controller/interpreter.ts';
import type { ScriptedFault, ScriptedOperation, WholeScript } from '../../spec/script.ts';

/** What clients and the nemesis did until everything was healed, as a script that repeats it. */
export function scriptOf(history: History, concurrency: number): WholeScript {
  const operations: ScriptedOperation[] = [];
  const faults: ScriptedFault[] = [];
  for (let i = 0; i < history.length; i++) {
    if (history.type[i] !== INVOKE) continue;
    const { time: at, process, f, value, key, node } = history.op(i);
    if (history.process[i] === NEMESIS) {
      if (f === HEAL) break;
      faults.push({ at, kind: f, ...(value as object) } as ScriptedFault);
    } else {
      operations.push({ at, thread: Number(process) % concurrency, f, value, key, node });
    }
  }
  return { operations, faults };
}
