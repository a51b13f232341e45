import type { NodeId } from '../../../faults/fault.ts';
import type { Nanos } from '../../../world/nanos.ts';
import type { Message as PaxosMessage } from '../shared/multi-paxos/messages.ts';

/** A group keeps some of the keys, on all nodes, by a Paxos log of its own. */
export type Group = number;
export type Txn = string;

/** What a transaction has locked in one group, and what it writes there. */
export interface Part {
  readonly group: Group;
  readonly reads: readonly string[];
  readonly writes: readonly (readonly [key: string, value: unknown])[];
}

/** Committed at this time, or aborted. */
export type Outcome = Nanos | 'abort';

/** What stands in the log of a group (§4.2.1). */
export type Entry =
  /** A participant can commit its part, whatever happens, and not before `ts`. */
  | {
      readonly f: 'prepare';
      readonly txn: Txn;
      readonly part: Part;
      readonly coordinator: Group;
      readonly ts: Nanos;
    }
  /** In the coordinator's group: what becomes of the transaction, with the coordinator's own part. */
  | {
      readonly f: 'decide';
      readonly txn: Txn;
      readonly part: Part | null;
      readonly participants: readonly Group[];
      readonly outcome: Outcome;
    }
  /** The outcome takes effect in this group. */
  | { readonly f: 'finish'; readonly txn: Txn; readonly outcome: Outcome }
  /** In the coordinator's group: everybody knows the outcome. */
  | { readonly f: 'end'; readonly txn: Txn }
  /** Nothing: no later entry is of this time or before. */
  | { readonly f: 'tick'; readonly ts: Nanos };

/** What nodes tell each other: something of the Paxos of a group, or from one group to another. */
export interface Message {
  readonly group: Group;
  readonly message: PaxosMessage | GroupMessage;
}

/** What is meant for a group's leader goes to all nodes, and only that one answers. `txn` is the transaction, `by` the sender's group. */
export type GroupMessage =
  | {
      readonly type: 'ask-prepare';
      readonly group: Group;
      readonly txn: Txn;
      readonly part: Part;
      readonly by: Group;
    }
  /** `ts`: the time of its preparation; null: it can't commit. */
  | {
      readonly type: 'prepared';
      readonly group: Group;
      readonly txn: Txn;
      readonly by: Group;
      readonly ts: Nanos | null;
    }
  | {
      readonly type: 'outcome';
      readonly group: Group;
      readonly txn: Txn;
      readonly by: Group;
      readonly outcome: Outcome;
    }
  | { readonly type: 'finished'; readonly group: Group; readonly txn: Txn; readonly by: Group }
  /** A participant has prepared and wants to know what came of it. */
  | { readonly type: 'inquiry'; readonly group: Group; readonly txn: Txn; readonly by: Group }
  /** A replica wants to read at this time. */
  | { readonly type: 'advance'; readonly group: Group; readonly ts: Nanos }
  /** To itself: what this group showed to a read is safe on the disk. */
  | { readonly type: 'shown'; readonly group: Group; readonly read: number };

/** What clients ask. */
export type Query =
  /** Of a group's leader: locks a key and reads it. `age`: older transactions go first; null: not known yet. */
  | {
      readonly type: 'lock';
      readonly group: Group;
      readonly txn: Txn;
      readonly age: string | null;
      readonly key: string;
      readonly exclusive: boolean;
    }
  /** Of the coordinator's leader, whose part is the first. */
  | { readonly type: 'commit'; readonly txn: Txn; readonly parts: readonly Part[] }
  /** Of a group's leader: the client has given the transaction up. */
  | { readonly type: 'release'; readonly group: Group; readonly txn: Txn }
  /** Of any node: these keys, or all that there are, as of one time. */
  | { readonly type: 'snapshot'; readonly keys: readonly string[] | null };

export type Reply =
  | { readonly type: 'locked'; readonly value: unknown; readonly age: string }
  | { readonly type: 'committed' }
  | { readonly type: 'values'; readonly values: readonly (readonly [key: string, value: unknown])[] }
  /** Nothing was done, and nothing will be. */
  | { readonly type: 'aborted' }
  | { readonly type: 'not-leader'; readonly leader: NodeId | null }
  /** It may yet be committed. */
  | { readonly type: 'unknown' };

/** The group that keeps a key. */
export function groupOf(key: string, groups: number): Group {
  let hash = 0;
  for (let i = 0; i < key.length; i++) hash = (hash * 31 + key.charCodeAt(i)) >>> 0;
  return hash % groups;
}
