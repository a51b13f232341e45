import { type Nanos, SECOND } from '../../../world/nanos.ts';
import type { NodeSite, ProcessDeployment } from '../../../world/process-deployment.ts';

/** The time that a server tells with each answer over HTTP, in its `Date`. */
export function httpDate(url: (node: NodeSite) => string): NonNullable<ProcessDeployment['wallClock']> {
  return { ask: async (node) => dateOf(await fetch(url(node))), granularity: SECOND / 2 };
}

/** In whole seconds, rounded down. */
export function dateOf({ headers }: Response): Nanos {
  return Date.parse(headers.get('date')!) * 1e6 + SECOND / 2;
}
