import type { Outcome } from '../spec/outcome.ts';
import { formatDuration, type Nanos, SECOND } from '../world/nanos.ts';
import { formatModel } from '../world/system-model.ts';
import { counted, grouped } from './counts.ts';
import { judgement } from './judgement.ts';
import type { Proofs } from './proof.ts';
import type { Style } from './style.ts';

/** What came of one run, for a person: first what is wrong, whether the theory permits it, and why. */
export function judgedRun(outcome: Outcome, proofs: Proofs, style: Style): string {
  return judgement(outcome, proofs, style, outcome.valid === false ? blame(outcome) : undefined);
}

/** Whether the system itself is to blame. */
function blame({ beyond, spec }: Outcome): string {
  return beyond.length === 0
    ? `violated within its model (${formatModel(spec.model)})`
    : `violated beyond its model: ${spec.system} does not assume ${beyond.join(', ')}`;
}

/** The figures of a run in a line. */
export function figures({ counts, fingerprint }: Outcome): string {
  const { operations = 0, ok = 0, fail = 0, info = 0, faults = 0 } = counts;
  const all = counted(operations, 'operation');
  const ended = `${grouped(ok)} ok, ${grouped(fail)} failed, ${grouped(info)} unknown`;
  return `${all}: ${ended} · ${counted(faults, 'fault')} · fingerprint ${fingerprint}`;
}

/** Where a run ended that was to go on only until a violation; undefined when it went on to its end. */
export function earlyEnd({ endedBy, spec }: Outcome): string | undefined {
  if (endedBy === undefined) return undefined;
  const { checker, event, time } = endedBy;
  const left = spec.timeLimit > time ? ` of ${formatDuration(spec.timeLimit)}` : '';
  return `ended at ${seconds(time)}${left}, event ${grouped(event)}, as soon as ${checker} found this`;
}

function seconds(time: Nanos): string {
  return `${(time / SECOND).toFixed(2)}s`;
}
