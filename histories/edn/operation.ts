/** One of Jepsen's operation maps with the types of fields that events have; may yet be no event. */
export function eventOfMap(map: unknown): unknown {
  if (typeof map !== 'object' || map === null || Array.isArray(map)) return map;
  const { index, time, process, type, f, value, key, node, error } = map as Record<string, unknown>;
  return {
    index: index ?? undefined,
    time: time ?? undefined,
    process,
    type,
    f: typeof f === 'object' && f !== null ? JSON.stringify(f) : f,
    value,
    key,
    node,
    error,
  };
}

/**
 * Jepsen writes both the invocation and the completion of a nemesis operation as `:info`. This tells them apart: the
 * second of two with the same function completes the first.
 */
export class NemesisPairs {
  private open: string | undefined;

  /** The type of an event of the nemesis with function `f` that the file calls `info`. */
  typeOfInfo(f: string): 'invoke' | 'info' {
    const completes = this.open === f;
    this.open = completes ? undefined : f;
    return completes ? 'info' : 'invoke';
  }
}
