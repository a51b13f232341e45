import { apart } from '../checkers/deadline.ts';
import { coordinatedAttack } from '../checkers/generals/coordinated-attack.ts';
import { stats } from '../checkers/stats.ts';
import { operations } from '../src/generator/operations.ts';
import { readEverywhere } from './final-reads.ts';
import { deadlineFor } from './promises.ts';
import type { Workload } from './workload.ts';

/**
 * Battles, each with a key of its own. `plan`: null, to the general who proposes it → null. In the end, `log` on both:
 * null → the battles in which that general attacks, as `[battle, "attack"]`.
 */
export const twoGenerals: Workload = {
  name: 'two-generals',
  about: 'either general plans battles, in each of which both must attack, or neither',
  parameters: {},
  generator() {
    let planned = 0;
    return operations(() => ({ f: 'plan', key: `battle${++planned}`, value: null }));
  },
  finale: (options) => readEverywhere(options, [{ f: 'log', value: null }]),
  checkers(options) {
    const deadline = deadlineFor(options, 'termination');
    if (deadline === undefined) return [coordinatedAttack(), stats()];
    return [...apart(coordinatedAttack(deadline), 'termination', deadline), stats()];
  },
};
