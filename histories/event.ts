import type { Key, OpType, Process } from './op.ts';

/** What a line of JSON must say to be an event: a missing index or time is filled in by its place in the file. */
export interface EventLine {
  readonly index?: number | undefined;
  readonly time?: number | undefined;
  readonly process: Process;
  readonly type: OpType;
  readonly f: string;
  readonly value?: unknown;
  readonly key?: Key | null | undefined;
  readonly node?: string | null | undefined;
  readonly error?: unknown;
}

const MAX_INT32 = 0x7fff_ffff;

/** Whether this is an event; by hand, as a schema validator would cost twice what `JSON.parse` does. */
export function isEvent(value: unknown): value is EventLine {
  if (typeof value !== 'object' || value === null) return false;
  const { index, time, process, type, f, key, node } = value as Record<string, unknown>;
  return (
    (index === undefined || isCount(index)) &&
    (time === undefined || (typeof time === 'number' && Number.isFinite(time))) &&
    (isCount(process) || process === 'nemesis') &&
    (type === 'invoke' || type === 'ok' || type === 'fail' || type === 'info') &&
    typeof f === 'string' &&
    (key === undefined || key === null || typeof key === 'string' || typeof key === 'number') &&
    (node === undefined || node === null || typeof node === 'string')
  );
}

/** What keeps a value from being an event, for people. */
export function whyNoEvent(value: unknown): string {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return `an event must be an object like {"process":0,"type":"invoke","f":"read","value":null}, not ${shown(value)}`;
  const { index, time, process, type, f, key, node } = value as Record<string, unknown>;
  if (index !== undefined && !isCount(index)) return `"index" must be a whole number, not ${shown(index)}`;
  if (time !== undefined && !(typeof time === 'number' && Number.isFinite(time)))
    return `"time" must be a number of nanoseconds, not ${shown(time)}`;
  if (!isCount(process) && process !== 'nemesis')
    return `"process" must be a whole number or "nemesis", not ${shown(process)}`;
  if (type !== 'invoke' && type !== 'ok' && type !== 'fail' && type !== 'info')
    return `"type" must be "invoke", "ok", "fail" or "info", not ${shown(type)}`;
  if (typeof f !== 'string') return `"f" must be the name of a function, not ${shown(f)}`;
  if (key !== undefined && key !== null && typeof key !== 'string' && typeof key !== 'number')
    return `"key" must be a string or a number, not ${shown(key)}`;
  return `"node" must be a string, not ${shown(node)}`;
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= MAX_INT32;
}

function shown(value: unknown): string {
  const text = value === undefined ? 'nothing' : (JSON.stringify(value) ?? String(value));
  return text.length <= 60 ? text : `${text.slice(0, 57)}...`;
}
