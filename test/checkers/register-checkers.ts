import { causal, pram } from '../../checkers/causal/causal.ts';
import { sessionGuarantees } from '../../checkers/causal/session-guarantees.ts';
import type { Checker } from '../../checkers/checker.ts';
import { linearizable } from '../../checkers/linearizable/linearizable.ts';
import { regular } from '../../checkers/regular.ts';
import { sequential } from '../../checkers/sequential/sequential.ts';

/** Every checker that judges reads and writes of registers. */
export const REGISTER_CHECKERS: readonly Checker[] = [
  linearizable({ model: 'register' }),
  sequential(),
  regular(),
  causal(),
  causal({ level: 'causal-convergence' }),
  causal({ level: 'causal-memory' }),
  pram(),
  sessionGuarantees(),
];
