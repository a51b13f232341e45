import { MILLISECOND, type Nanos, SECOND } from '../../../world/nanos.ts';

/** The worst that a sound oscillator does, parts in a million (Corbett et al. 2012, section 3; NTP: 500, of which 15 are typical). */
export const DRIFT_PPM = 200;

/** How fast an offset is slewed away, parts in a million (Mills 2010; the limit of Unix kernels). */
export const SLEW_PPM = 500;

/** Offsets from here on are stepped away at once (RFC 5905, section 11.3: STEPT, there 128 ms). */
export const STEP: Nanos = 125 * MILLISECOND;

/** An offset beyond this is somebody else's affair: the client gives up (RFC 5905, section 11.3: PANICT). */
export const PANIC: Nanos = 1000 * SECOND;
