/** Something on the simulator's path asked the real world for time, chance or a timer. */
export class NondeterminismError extends Error {
  override readonly name = 'NondeterminismError';
}

/** What must not be called while a simulation runs, and what to use in its place. */
const BANNED: readonly (readonly [owner: object, ownerName: string, name: string, instead: string])[] = [
  [Date, 'Date', 'now', 'context.wallClock() or world.now()'],
  [performance, 'performance', 'now', 'context.monotonic() or world.now()'],
  [Math, 'Math', 'random', 'context.random'],
  [crypto, 'crypto', 'randomUUID', 'context.random'],
  [crypto, 'crypto', 'getRandomValues', 'context.random'],
  [process, 'process', 'hrtime', 'context.monotonic() or world.now()'],
  [globalThis, 'globalThis', 'setTimeout', 'context.setTimer() or world.after()'],
  [globalThis, 'globalThis', 'setInterval', 'context.setTimer() or world.after()'],
  [globalThis, 'globalThis', 'setImmediate', 'context.setTimer() or world.after()'],
];

const HERE = new URL(import.meta.url).pathname;

let depth = 0;
let restore: (() => void)[] = [];

/** From now on the real clock, chance and timers throw a `NondeterminismError` that names the caller. */
export function enterSimulation(): void {
  if (depth++ > 0) return;
  for (const [owner, ownerName, name, instead] of BANNED) {
    const shown = ownerName === 'globalThis' ? name : `${ownerName}.${name}`;
    forbid(owner, name, () => refusal(shown, instead));
  }
  const RealDate = Date;
  const guarded = new Proxy(RealDate, {
    construct(target, args, newTarget) {
      if (args.length === 0) throw refusal('new Date()', 'context.wallClock() or world.now()');
      return Reflect.construct(target, args, newTarget);
    },
    apply() {
      throw refusal('Date()', 'context.wallClock() or world.now()');
    },
  });
  globalThis.Date = guarded;
  restore.push(() => {
    globalThis.Date = RealDate;
  });
}

/** The real globals are back. */
export function leaveSimulation(): void {
  if (--depth > 0) return;
  for (const undo of restore.reverse()) undo();
  restore = [];
}

function forbid(owner: object, name: string, error: () => Error): void {
  const own = Object.getOwnPropertyDescriptor(owner, name);
  Object.defineProperty(owner, name, {
    configurable: true,
    enumerable: own?.enumerable ?? true,
    writable: true,
    value: () => {
      throw error();
    },
  });
  restore.push(() => {
    if (own === undefined) delete (owner as Record<string, unknown>)[name];
    else Object.defineProperty(owner, name, own);
  });
}

function refusal(called: string, instead: string): NondeterminismError {
  const stack = new Error().stack?.split('\n').slice(1) ?? [];
  const caller = stack.find((line) => !line.includes(HERE) && !line.includes('Proxy.')) ?? '';
  const place = caller.trim().replace(/^at /, '');
  return new NondeterminismError(
    `${called} was called inside a simulation by ${place}; use ${instead} so that the seed decides`,
  );
}
