import type { History } from '../histories/history.ts';
import { INVOKE, NEMESIS } from '../histories/op.ts';

/** Faults after which a node is no longer one that does what its program says. */
const TREASON: ReadonlySet<string> = new Set([
  ...['process/lie', 'process/kill'],
  ...['disk/lose-unsynced', 'disk/bit-flip', 'disk/eio', 'disk/enospc'],
]);

/** The nodes that lied or failed at any time, as the nemesis's operations tell: the honest are the others. */
export function faultyNodes(history: History): Set<string> {
  const out = new Set<string>();
  for (let i = 0; i < history.length; i++) {
    if (history.process[i] !== NEMESIS || history.type[i] !== INVOKE) continue;
    if (!TREASON.has(history.fName(i))) continue;
    const value = history.value(i);
    if (typeof value === 'object' && value !== null && 'node' in value) out.add(String(value.node));
  }
  return out;
}

/** The nodes that were killed for ever. */
export function goneForGood(history: History): Set<string> {
  const out = new Set<string>();
  for (let i = 0; i < history.length; i++) {
    if (history.process[i] !== NEMESIS || history.type[i] !== INVOKE) continue;
    if (history.fName(i) !== 'process/kill') continue;
    const value = history.value(i) as { readonly node?: unknown; readonly forever?: unknown } | null;
    if (value?.forever === true) out.add(String(value.node));
  }
  return out;
}
