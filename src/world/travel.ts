import type { NodeId } from '../faults/fault.ts';
import type { Nanos } from './nanos.ts';

/** One end of a message's journey: a node, or a client by its process. */
export type Endpoint = NodeId | number;

/** A message on its way, as the observer of a simulated world sees it. */
export interface Travel {
  readonly from: Endpoint;
  readonly to: Endpoint;
  readonly sent: Nanos;
  /** When it comes to the other end, which may be dead by then; null when it is lost on the way. */
  readonly arrives: Nanos | null;
  /** What it says: the request, the answer, the message between nodes. */
  readonly content: unknown;
}
