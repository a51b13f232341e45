import type { Nanos } from '../../../world/nanos.ts';

export interface TimeRequest {
  readonly type: 'request';
  /** What the client's clock was when it asked: of which life, after how many steps. */
  readonly clock: string;
  /** When it asked, by that clock. */
  readonly t1: Nanos;
}

export interface TimeResponse {
  readonly type: 'response';
  readonly clock: string;
  readonly t1: Nanos;
  /** When the server got the request and when it answered, by its own clock. */
  readonly t2: Nanos;
  readonly t3: Nanos;
  /** How far the server's clock may be from true time (root dispersion). */
  readonly error: Nanos;
}

export type TimeMessage = TimeRequest | TimeResponse;
