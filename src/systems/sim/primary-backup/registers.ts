import type { Answer, Operation } from '../shared/state-machine.ts';

/** What an update changes; null: nothing. */
export type Change = { readonly key: string; readonly value: unknown } | null;

/** Performs an operation without changing anything: what to answer, and what to change. Only a primary does so. */
export function execute(
  registers: ReadonlyMap<string, unknown>,
  { f, key, value }: Operation,
): { readonly answer: Answer; readonly change: Change } {
  const name = String(key);
  const held = registers.get(name) ?? null;
  if (f === 'read') return { answer: { type: 'ok', value: held }, change: null };
  if (f === 'write') return { answer: { type: 'ok', value }, change: { key: name, value } };
  if (f !== 'cas') return { answer: { type: 'fail', error: 'unsupported' }, change: null };
  const [from, to] = value as readonly [unknown, unknown];
  if (held !== from) return { answer: { type: 'fail', error: 'mismatch' }, change: null };
  return { answer: { type: 'ok', value }, change: { key: name, value: to } };
}
