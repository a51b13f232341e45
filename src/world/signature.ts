import type { NodeId } from '../faults/fault.ts';

/**
 * A statement that its signer can't deny and nobody can falsify unnoticed. Stands for a digital signature, without the
 * cost of one: whoever signs, signs in its own name only, and a lying node is held to that by the simulator.
 */
export interface Signed<T> {
  readonly signed: T;
  readonly by: NodeId;
  readonly signature: string;
}

/** Signs a statement (JSON data) in the name of the node that calls. */
export function sign<T>(by: NodeId, statement: T): Signed<T> {
  return { signed: statement, by, signature: signatureOf(by, statement) };
}

/** Whether the one who is said to have signed this has signed this very statement; false for what is none. */
export function isAuthentic(message: unknown): message is Signed<unknown> {
  return isSigned(message) && message.signature === signatureOf(message.by, message.signed);
}

/** A message that `by` has falsified, with its own signatures made good again; those of others are what they are. */
export function signedAnew(by: NodeId, message: unknown): unknown {
  if (typeof message !== 'object' || message === null || ArrayBuffer.isView(message)) return message;
  if (Array.isArray(message)) return message.map((part) => signedAnew(by, part));
  const parts = Object.entries(message).map(([name, part]) => [name, signedAnew(by, part)] as const);
  const anew: unknown = Object.fromEntries(parts);
  return isSigned(anew) && anew.by === by ? sign(by, anew.signed) : anew;
}

function isSigned(message: unknown): message is Signed<unknown> {
  return typeof message === 'object' && message !== null && 'signed' in message && 'signature' in message;
}

/** 64 bits over signer and statement, by two rounds of FNV-1a. */
function signatureOf(by: unknown, statement: unknown): string {
  const text = `${by}\n${JSON.stringify(statement)}`;
  return hash(text, 0x811c9dc5) + hash(text, 0x1b873593);
}

function hash(text: string, seed: number): string {
  let h = seed;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  return (h >>> 0).toString(16).padStart(8, '0');
}
