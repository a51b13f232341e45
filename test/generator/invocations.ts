import type { Op } from '../../histories/op.ts';

export function invocations(events: readonly Op[]): Op[] {
  return events.filter((event) => event.type === 'invoke');
}

/** The functions invoked, in order. */
export function functionsOf(events: readonly Op[]): string[] {
  return invocations(events).map((op) => op.f);
}
