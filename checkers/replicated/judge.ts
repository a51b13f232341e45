import type { History } from '../../histories/history.ts';
import type { Key } from '../../histories/op.ts';
import type { Checker } from '../checker.ts';
import { Findings } from '../findings.ts';
import { byKey, type Operation, operationsOf } from '../operations.ts';
import { type ReplicatedObject, replicatedObject, type Sight, Unsure } from './sights.ts';

/** What a data type's judge gets for one object of a history. */
export interface Case extends ReplicatedObject {
  readonly history: History;
  readonly findings: Findings;
  readonly key: Key | undefined;
  /** Updates of unknown outcome that a sight may show. */
  maybe(sight: Sight): readonly Operation[];
}

/**
 * A checker of a replicated data type by its specification (Burckhardt, Gotsman, Yang and Zawirski, Replicated data
 * types, 2014): what a replica shows is a function of the updates that it has delivered and of what each of those knew.
 * So every single read is judged, not only those after everything is quiet. Operations: see `replicatedObject`.
 */
export function replicatedType(name: string, about: string, judge: (object: Case) => void): Checker {
  return {
    name,
    about,
    check(history) {
      const findings = new Findings(history);
      const objects = [...byKey(operationsOf(history))].map(
        ([key, ops]) => [key, replicatedObject(history, ops)] as const,
      );
      const everything = objects.flatMap(([, { updates }]) => updates);
      const counts = { updates: everything.length, unknown: 0, reads: 0 };
      const nothingIsUnsure = objects.every(([, { unsure }]) => unsure.length === 0);
      for (const [key, object] of objects) {
        counts.unknown += object.unsure.length;
        counts.reads += object.sights.length;
        const unsure = new Unsure(everything, object.unsure);
        const maybe = nothingIsUnsure ? () => [] : (sight: Sight) => unsure.in(sight);
        judge({ history, findings, key, ...object, maybe });
      }
      const vacuous = [];
      if (counts.reads === 0) vacuous.push('no replica was ever read');
      if (counts.updates === 0) vacuous.push('no update was ever acknowledged');
      return findings.verdict(name, { counts, vacuous });
    },
  };
}
