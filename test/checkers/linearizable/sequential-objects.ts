import type { Applied, SequentialObject } from './brute-force.ts';

function ok<S>(state: S, value: unknown = null): Applied<S> {
  return { state, type: 'ok', value };
}

export const register: SequentialObject<unknown> = {
  init: null,
  apply(state, f, value) {
    if (f === 'read') return ok(state, state);
    if (f === 'write') return ok(value, value);
    const [from, to] = value as [unknown, unknown];
    return from === state ? ok(to, value) : { state, type: 'fail', value, error: 'mismatch' };
  },
  refuses: (f, error) => f === 'cas' && error === 'mismatch',
};

export const counter: SequentialObject<number> = {
  init: 0,
  apply: (state, f, value) => (f === 'read' ? ok(state, state) : ok(state + (value as number))),
};

type Elements = readonly number[];

export const set: SequentialObject<Elements> = {
  init: [],
  apply(state, f, value) {
    const element = value as number;
    const inside = state.includes(element);
    if (f === 'read') return ok(state, state);
    if (f === 'contains') return ok(state, inside);
    if (f === 'add') return ok([...state.filter((e) => e !== element), element].sort(), !inside);
    return ok(
      state.filter((e) => e !== element),
      inside,
    );
  },
};

export const queue: SequentialObject<Elements> = {
  init: [],
  apply: (state, f, value) =>
    f === 'enqueue' ? ok([...state, value as number], value) : ok(state.slice(1), state[0]),
};

export const stack: SequentialObject<Elements> = {
  init: [],
  apply: (state, f, value) =>
    f === 'push' ? ok([...state, value as number], value) : ok(state.slice(0, -1), state.at(-1)),
};

/** Permits left; an operation that would have to wait is refused. */
export function semaphore(permits: number): SequentialObject<number> {
  return {
    init: permits,
    apply(free, f) {
      const after = f === 'acquire' ? free - 1 : free + 1;
      return after < 0 || after > permits
        ? { state: free, type: 'fail', value: null, error: 'refused' }
        : ok(after);
    },
  };
}

export const keyValue: SequentialObject<string> = {
  init: '',
  apply: (state, f, value) => {
    if (f === 'get') return ok(state, state);
    return ok(f === 'put' ? (value as string) : state + (value as string), value);
  },
};

type MicroOperation = [action: string, name: string, value: unknown];

export const multiRegister: SequentialObject<Readonly<Record<string, unknown>>> = {
  init: { x: null, y: null },
  apply(state, _, value) {
    const after = { ...state };
    const done = (value as MicroOperation[]).map(([action, name, v]) => {
      if (action === 'w') after[name] = v;
      return [action, name, after[name]];
    });
    return ok(after, done);
  },
};
