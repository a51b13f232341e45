import type { Nanos } from '../../../world/nanos.ts';
import { DRIFT_PPM, SLEW_PPM } from './constants.ts';
import type { TimeResponse } from './messages.ts';

/** What one exchange with the server tells. */
export interface Sample {
  /** How far the client is behind the server. */
  readonly offset: Nanos;
  /** How far from that true time may be. */
  readonly error: Nanos;
}

/** The four timestamps (RFC 5905, section 8; Mills 1991): sent and received by the client at t1 and t4, by the server at t3 and t2. */
export function sampleOf(response: TimeResponse, t4: Nanos, bugs: ReadonlySet<string>): Sample {
  const { t1, t2, t3 } = response;
  const offset = Math.round((t2 - t1 + (t3 - t4)) / 2);
  const delay = t4 - t1 - (t3 - t2);
  // All of the delay may have been on one of the two ways: then the offset is wrong by half of it.
  const asymmetry = bugs.has('asymmetry-ignored') ? 0 : Math.ceil(delay / 2);
  const drift = Math.ceil((delay * (DRIFT_PPM + SLEW_PPM)) / 1e6);
  return { offset, error: response.error + asymmetry + drift };
}
