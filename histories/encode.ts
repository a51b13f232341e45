import type { History } from './history.ts';
import { type Key, NEMESIS, OP_TYPES, type Op, type Process } from './op.ts';

/**
 * An event as the one line of JSON that stands for it in files and fingerprints, without the line break. The fields
 * always come in the same order, so equal events have equal bytes; a missing value is null, as `JSON.parse` can't give
 * undefined back.
 */
export function encodeOp(op: Op): string {
  return line(op.index, op.time, op.process, op.type, op.f, op.key, op.value, op.node, op.error);
}

/** `encodeOp(history.op(i))`, without making the object. */
export function encodeEvent(history: History, i: number): string {
  const process = history.process[i]!;
  return line(
    history.origin(i),
    history.time[i]!,
    process === NEMESIS ? 'nemesis' : process,
    OP_TYPES[history.type[i]!]!,
    history.fName(i),
    history.key(i),
    history.value(i),
    history.node(i),
    history.error(i),
  );
}

/** A whole history as JSON Lines. */
export function encodeHistory(history: History): string {
  const lines: string[] = [];
  for (let i = 0; i < history.length; i++) lines.push(`${encodeEvent(history, i)}\n`);
  return lines.join('');
}

function line(
  index: number,
  time: number,
  process: Process,
  type: string,
  f: string,
  key: Key | undefined,
  value: unknown,
  node: string | undefined,
  error: string | undefined,
): string {
  let text = `{"index":${index},"time":${time},"process":${process === 'nemesis' ? '"nemesis"' : process},"type":"${type}","f":${quoted(f)}`;
  if (key !== undefined) text += typeof key === 'number' ? `,"key":${key}` : `,"key":${quoted(key)}`;
  text += `,"value":${encodeValue(value)}`;
  if (node !== undefined) text += `,"node":${quoted(node)}`;
  if (error !== undefined) text += `,"error":${quoted(error)}`;
  return `${text}}`;
}

function encodeValue(value: unknown): string {
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : 'null';
  if (value === null || value === undefined) return 'null';
  if (typeof value === 'string') return quoted(value);
  return JSON.stringify(value) ?? 'null';
}

/** Short plain strings, which most are, need no escapes. */
const PLAIN = /^[\w /.:;+*=<>()[\]{}#@!?-]*$/;

function quoted(text: string): string {
  return text.length < 32 && PLAIN.test(text) ? `"${text}"` : JSON.stringify(text);
}
