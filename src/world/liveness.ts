import { type Nanos, SECOND } from './nanos.ts';

/** What a system promises to do in time. */
interface LivenessTerm {
  /** What it means, in a clause. */
  readonly about: string;
  /** By when, unless a system says otherwise: ns of virtual time since the last fault, and the last change of what it is about, were over. */
  readonly within: Nanos;
}

/**
 * What a system may promise for liveness. In an asynchronous network no algorithm can promise that consensus is reached while faults
 * go on (Fischer, Lynch and Paterson 1985); so each bound counts from the moment on at which all faults are over, as after
 * the global stabilization time of Dwork, Lynch and Stockmeyer (1988).
 */
export const LIVENESS = {
  progress: {
    about:
      'once faults are over, whatever a client asks of a node that lives is answered, and not by a refusal',
    within: 3 * SECOND,
  },
  availability: {
    about: 'a node that lives answers, at any time, also while it can reach no other',
    within: 0,
  },
  termination: {
    about: 'once faults are over, everybody who takes part learns what was decided',
    within: 5 * SECOND,
  },
  'non-blocking': {
    about: 'who has voted for a transaction learns its outcome, even if others have crashed for good',
    within: 5 * SECOND,
  },
  delivery: {
    about: 'what a node that lives has broadcast, or what any has delivered, comes to every node that lives',
    within: 5 * SECOND,
  },
  convergence: {
    about: 'once updates and faults are over, all replicas are alike and hold what was acknowledged',
    within: 5 * SECOND,
  },
  synchronization: {
    about: 'once faults are over, a clock knows how wrong it may be',
    within: 5 * SECOND,
  },
} as const satisfies Readonly<Record<string, LivenessTerm>>;

export type LivenessProperty = keyof typeof LIVENESS;

/** One promise of a system. */
export interface LivenessGuarantee {
  readonly property: LivenessProperty;
  /** Under what condition, in a clause that goes on after `while` or `once`. */
  readonly given: string;
  /** Where it is not the bound that `LIVENESS` gives. */
  readonly within?: Nanos;
  /** It falls away once more nodes than these have crashed for good; default: it is given to the nodes that live, whatever their number. */
  readonly tolerates?: number;
}

/** A promise with its bound. */
export interface Promised extends LivenessGuarantee {
  readonly within: Nanos;
}

/** The promises that can be judged, with their bounds; what is only a sentence is left out. */
export function promisesInTime(liveness: readonly (LivenessGuarantee | string)[]): Promised[] {
  return liveness.flatMap((promise) =>
    typeof promise === 'string' ? [] : [{ within: LIVENESS[promise.property].within, ...promise }],
  );
}
