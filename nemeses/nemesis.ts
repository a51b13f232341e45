import type { FaultKind, NodeId } from '../src/faults/fault.ts';
import type { Generator } from '../src/generator/generator.ts';
import type { AnyParameterValues, Parameters } from '../src/world/parameters.ts';
import type { RandomStream } from '../src/world/random.ts';
import type { SystemModel } from '../src/world/system-model.ts';

export interface NemesisOptions {
  readonly nodes: readonly NodeId[];
  /**
   * The nodes that may go wrong by themselves: die, stop, lie, lose their disk or the time. All, but where the model is
   * byzantine and the system bears so many faulty nodes and no more: then these, whatever goes wrong with them.
   */
  readonly mayFail: readonly NodeId[];
  /** Those of them that may lie; none but in a byzantine model. */
  readonly mayLie: readonly NodeId[];
  /** The nodes that now lead, asked at the moment of a fault. */
  readonly primaries: () => readonly NodeId[];
  /** A stream of this nemesis alone. */
  readonly random: RandomStream;
  /** The model that faults must keep within. */
  readonly model: SystemModel;
  readonly parameters: AnyParameterValues;
}

/**
 * Decides faults and never performs them. Its operations run on the thread `nemesis`; the function is the kind of the
 * fault, the value the rest of it.
 */
export interface Nemesis {
  readonly name: string;
  readonly about: string;
  readonly parameters: Parameters;
  /** The most benign model that permits what it does with these parameters. */
  permits(parameters: AnyParameterValues): SystemModel;
  /** Every kind of fault that it may use with these parameters, within the model if one is given. */
  uses(parameters: AnyParameterValues, model?: SystemModel): ReadonlySet<FaultKind>;
  /** How many nodes it makes lie; absent: none. `bears`: how many the system bears. */
  liars?(parameters: AnyParameterValues, bears: number): number;
  /** Faults and their repair, on and on; the caller ends it and heals everything. */
  generator(options: NemesisOptions): Generator;
}
