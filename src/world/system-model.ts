import { formatDuration, type Nanos } from './nanos.ts';

/** The triple of the theory, each from benign to wild. */
export interface SystemModel {
  /** `reliable`: what is sent arrives; `fair-loss`: may be lost, repeated, reordered; `arbitrary`: may be forged. */
  readonly network: 'reliable' | 'fair-loss' | 'arbitrary';
  /** `crash-stop`: a node that dies stays dead; `crash-recovery`: it may come back with its disk; `byzantine`: it may lie. */
  readonly nodes: 'crash-stop' | 'crash-recovery' | 'byzantine';
  /** `synchronous`: known bounds always hold; `partially-synchronous`: after some time; `asynchronous`: never. */
  readonly timing: 'synchronous' | 'partially-synchronous' | 'asynchronous';
  /**
   * No wall clock is ever further than this from true time, ns. Left out, there is no such bound in an asynchronous
   * model, and in any other no clock jumps at all. Of a nemesis: how far from it the clocks get that it sets.
   */
  readonly clockError?: Nanos | undefined;
}

export const NETWORK_MODELS = ['reliable', 'fair-loss', 'arbitrary'] as const;
export const NODE_MODELS = ['crash-stop', 'crash-recovery', 'byzantine'] as const;
export const TIMING_MODELS = ['synchronous', 'partially-synchronous', 'asynchronous'] as const;

/** What each word of the triple means, in a clause. */
export const MODEL_TERMS: Readonly<
  Record<SystemModel['network'] | SystemModel['nodes'] | SystemModel['timing'], string>
> = {
  reliable: 'a message that is sent arrives, once, unchanged, though perhaps late and out of order',
  'fair-loss':
    'messages may be lost, repeated and reordered, but one that is sent again and again arrives at last',
  arbitrary: 'somebody may also change messages or make them up',
  'crash-stop': 'a node works rightly until it dies, and a dead one stays dead',
  'crash-recovery': 'a dead node may come back with what is on its disk, its memory gone',
  byzantine: 'a node may do anything, lie and conspire among it',
  synchronous: 'messages and nodes have known bounds to how slow they may be, which always hold',
  'partially-synchronous': 'there are such bounds, but they hold only from some time on that nobody knows',
  asynchronous: 'messages may take any time, and nodes may stop for any time: nobody can tell slow from dead',
};

/** The most benign world: nothing permits less. */
export const BENIGN: SystemModel = { network: 'reliable', nodes: 'crash-stop', timing: 'synchronous' };

/** Which parts of `needed` the model does not allow, as `network arbitrary`; empty when it allows all. */
export function beyond(model: SystemModel, needed: SystemModel): string[] {
  const out: string[] = [];
  if (NETWORK_MODELS.indexOf(needed.network) > NETWORK_MODELS.indexOf(model.network))
    out.push(`network ${needed.network}`);
  if (NODE_MODELS.indexOf(needed.nodes) > NODE_MODELS.indexOf(model.nodes)) out.push(`nodes ${needed.nodes}`);
  if (TIMING_MODELS.indexOf(needed.timing) > TIMING_MODELS.indexOf(model.timing))
    out.push(`timing ${needed.timing}`);
  const { clockError = 0 } = needed;
  if (clockError > clockErrorOf(model)) out.push(`clock-error ${formatDuration(clockError)}`);
  return out;
}

/** How far from true time a wall clock may be. */
function clockErrorOf({ timing, clockError }: SystemModel): Nanos {
  return clockError ?? (timing === 'asynchronous' ? Number.POSITIVE_INFINITY : 0);
}

/** The most benign model that permits what each of the two permits. */
export function wilder(a: SystemModel, b: SystemModel): SystemModel {
  const max = <T>(order: readonly T[], x: T, y: T): T => (order.indexOf(x) >= order.indexOf(y) ? x : y);
  const clockError = Math.max(clockErrorOf(a), clockErrorOf(b));
  return {
    ...(clockError > 0 && Number.isFinite(clockError) ? { clockError } : {}),
    network: max(NETWORK_MODELS, a.network, b.network),
    nodes: max(NODE_MODELS, a.nodes, b.nodes),
    timing: max(TIMING_MODELS, a.timing, b.timing),
  };
}

/** `fair-loss / crash-recovery / asynchronous`. */
export function formatModel(model: SystemModel): string {
  const { network, nodes, timing, clockError } = model;
  const clocks =
    clockError === undefined || timing === 'asynchronous'
      ? ''
      : `, clocks within ${formatDuration(clockError)}`;
  return `${network} / ${nodes} / ${timing}${clocks}`;
}
