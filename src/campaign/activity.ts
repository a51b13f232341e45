import type { History } from '../../histories/history.ts';
import { FAIL, INVOKE, NEMESIS, OK } from '../../histories/op.ts';
import { HEAL } from '../controller/interpreter.ts';

/** How many operations there were, how they ended, and how many faults. */
export function activity(history: History): Readonly<Record<string, number>> {
  const counts = { operations: 0, ok: 0, fail: 0, info: 0, faults: 0 };
  const heal = history.fCode(HEAL);
  for (let i = 0; i < history.length; i++) {
    if (history.type[i] !== INVOKE) continue;
    if (history.process[i] === NEMESIS) {
      if (history.f[i] !== heal) counts.faults++;
      continue;
    }
    counts.operations++;
    const end = history.pair[i]!;
    const type = end < 0 ? undefined : history.type[end];
    if (type === OK) counts.ok++;
    else if (type === FAIL) counts.fail++;
    else counts.info++;
  }
  return counts;
}
