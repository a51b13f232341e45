import type { History } from '../history.ts';
import { NEMESIS, OP_TYPES } from '../op.ts';

/**
 * Event `i` as a map in the manner of Jepsen's `history.edn`: functions, errors, the functions of a transaction's
 * micro-operations and the keys of maps as keywords, `:info` for both events of a nemesis operation. The key stands
 * beside the value, as `:key`. Reading it gives the same event back.
 */
export function encodeEdn(history: History, i: number): string {
  const process = history.process[i]!;
  const f = history.fName(i);
  const key = history.key(i);
  const node = history.node(i);
  const error = history.error(i);
  const value = history.value(i);
  const fields = [
    `:index ${history.origin(i)}`,
    `:time ${encodeNumber(history.time[i]!)}`,
    `:process ${process === NEMESIS ? ':nemesis' : process}`,
    `:type :${isNemesisPair(history, i) ? 'info' : OP_TYPES[history.type[i]!]}`,
    `:f ${encodeName(f)}`,
  ];
  if (key !== undefined) fields.push(`:key ${encodeValue(key)}`);
  fields.push(`:value ${f === 'txn' ? encodeTransaction(value) : encodeValue(value)}`);
  if (node !== undefined) fields.push(`:node ${JSON.stringify(node)}`);
  if (error !== undefined) fields.push(`:error ${encodeName(error)}`);
  return `{${fields.join(', ')}}`;
}

/** Whether Jepsen, and our reader, would take the two `:info` of this event and its partner for a pair. */
function isNemesisPair(history: History, i: number): boolean {
  const other = history.pair[i]!;
  return history.process[i] === NEMESIS && other >= 0 && history.f[i] === history.f[other];
}

const KEYWORD = /^[a-zA-Z*+!_?$%&=<>-][\w.*+!?$%&=<>-]*(\/[a-zA-Z*+!_?$%&=<>-][\w.*+!?$%&=<>-]*)?$/;

function encodeName(name: string): string {
  return KEYWORD.test(name) ? `:${name}` : JSON.stringify(name);
}

/** `[["append", 10, 1], ["r", 10, null]]` as `[[:append 10 1] [:r 10 nil]]`. */
function encodeTransaction(value: unknown): string {
  if (!Array.isArray(value)) return encodeValue(value);
  const micros = value.map((micro: unknown) => {
    if (!Array.isArray(micro) || typeof micro[0] !== 'string') return encodeValue(micro);
    return `[${[encodeName(micro[0]), ...micro.slice(1).map(encodeValue)].join(' ')}]`;
  });
  return `[${micros.join(' ')}]`;
}

function encodeValue(value: unknown): string {
  switch (typeof value) {
    case 'number':
      return encodeNumber(value);
    case 'string':
      return JSON.stringify(value);
    case 'boolean':
      return String(value);
    case 'object': {
      if (value === null) return 'nil';
      if (Array.isArray(value)) return `[${value.map(encodeValue).join(' ')}]`;
      const entries = Object.entries(value).map(([name, held]) => `${encodeName(name)} ${encodeValue(held)}`);
      return `{${entries.join(', ')}}`;
    }
    default:
      return 'nil';
  }
}

/** An integer that a JS number holds only rounded is written as the float that it is. */
function encodeNumber(value: number): string {
  if (!Number.isFinite(value)) return 'nil';
  return Number.isInteger(value) && !Number.isSafeInteger(value) ? value.toExponential() : String(value);
}
