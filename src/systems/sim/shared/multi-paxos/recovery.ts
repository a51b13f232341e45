import { higher } from '../synod/ballot.ts';
import { applyChosen } from './learner.ts';
import type { PaxosNode } from './node.ts';
import type { LogRecord } from './records.ts';

/** Takes over what the disk remembers, and writes it anew. */
export function recover(node: PaxosNode, records: readonly LogRecord[]): void {
  let known = 0;
  for (const record of records) {
    if ('promised' in record) {
      node.promised = higher(node.promised, record.promised);
    } else {
      const { slot, ballot, value, chosen } = record;
      node.log[slot] = { slot, ballot, value, chosen };
      node.promised = higher(node.promised, ballot);
      known = Math.max(known, record.known);
    }
  }
  for (let slot = 1; slot <= known; slot++) node.log[slot] = { ...node.log[slot]!, chosen: true };
  applyChosen(node);
  const entries = node.log.flatMap((accepted) => accepted ?? []);
  node.output.restart([
    { promised: node.promised },
    ...entries.map((accepted) => ({ ...accepted, known: node.applied })),
  ] satisfies LogRecord[]);
}
