import type { History } from '../../histories/history.ts';
import { any } from '../generator/choice.ts';
import type { Generator, Planned } from '../generator/generator.ts';
import { timeLimit } from '../generator/limits.ts';
import { once } from '../generator/operations.ts';
import { sleep, stagger } from '../generator/pace.ts';
import { phases } from '../generator/sequence.ts';
import { onClients, onNemesis } from '../generator/threads.ts';
import { map, withRandom } from '../generator/transform.ts';
import { type Nanos, SECOND } from '../world/nanos.ts';
import type { RandomStream } from '../world/random.ts';
import type { Artifacts, World } from '../world/world.ts';
import { type EventListener, HEAL, Interpreter } from './interpreter.ts';

/** One test, with everything concrete already made. */
export interface TestPlan {
  readonly world: World;
  readonly workload: Generator;
  /** Final reads; observes the whole run before its turn comes. */
  readonly finale: Generator;
  /** Null: no faults. */
  readonly nemesis: Generator | null;
  /** Client threads. */
  readonly concurrency: number;
  /** Operations a second, of all clients together; null: the workload itself says when. */
  readonly rate: number | null;
  /** How long the workload and the nemesis go on. */
  readonly timeLimit: Nanos;
  /** How long clients go on after the healing, while nothing is wrong any more. */
  readonly recovery: Nanos;
  /** What becomes of each operation then; absent: nothing. */
  readonly afterHealing?: ((operation: Planned) => Planned) | undefined;
  /** Quiet time before the final reads. */
  readonly settle: Nanos;
  /** After how long without an answer an operation's outcome counts as unknown. */
  readonly timeout: Nanos;
  readonly random: RandomStream;
  /** Told to stop, the run skips what is left but for healing the world. */
  readonly onEvent?: EventListener | undefined;
}

/**
 * Runs one test: faults while the workload goes on, then heal everything, see the system recover, settle, final reads.
 * Rejects with what the world, a generator or `onEvent` threw; what systems and clients do wrong stands in the history
 * instead.
 */
export async function runTest(plan: TestPlan): Promise<{ history: History; artifacts: Artifacts }> {
  const { world } = plan;
  const interpreter = new Interpreter(plan);
  try {
    await world.run(async () => {
      await world.start();
      await playAll(plan, interpreter);
    });
  } catch (error) {
    // What went wrong first is what the caller must hear; a world in such a state may fail to stop as well.
    await world.stop().catch(() => {});
    throw error;
  }
  const artifacts = await world.stop();
  return { history: interpreter.history(), artifacts };
}

async function playAll(plan: TestPlan, interpreter: Interpreter): Promise<void> {
  try {
    const clients = pacedClients(plan);
    // The clients observe the run in the first phase; here they are only asked for more.
    const more: Generator = { next: (context) => clients.next(context) };
    const recovery = timeLimit(plan.recovery, plan.afterHealing ? map(plan.afterHealing, more) : more);
    await interpreter.play(
      phases(faults(plan, clients), heal(), recovery, sleep(plan.settle), finalReads(plan)),
    );
    if (interpreter.stopped) await interpreter.play(heal());
  } finally {
    interpreter.close();
  }
}

/** Workload and nemesis draw from streams of their own: a fault more or less does not change what clients ask. */
function pacedClients({ workload, rate, random }: TestPlan): Generator {
  const timed = rate === null ? workload : stagger(SECOND / rate, workload);
  return onClients(withRandom(random.fork('workload'), timed));
}

function faults({ nemesis, timeLimit: duration, random }: TestPlan, clients: Generator): Generator {
  if (nemesis === null) return timeLimit(duration, clients);
  return timeLimit(duration, any(clients, onNemesis(withRandom(random.fork('nemesis'), nemesis))));
}

function heal(): Generator {
  return onNemesis(once({ f: HEAL, value: null }));
}

function finalReads({ finale, random }: TestPlan): Generator {
  return onClients(withRandom(random.fork('finale'), finale));
}
