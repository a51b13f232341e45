import fc from 'fast-check';
import type { OpEvent, OpType } from '../../histories/op.ts';

/** Any JSON value, as `JSON.parse` would give it. */
export const jsonValue = fc.jsonValue({ stringUnit: 'binary', maxDepth: 3 });

export const anyText = fc.string({ unit: 'binary', maxLength: 12 });

/** Any event that a history can hold, sensible or not. */
export const anyEvent: fc.Arbitrary<OpEvent> = fc.record({
  time: fc.maxSafeNat(),
  process: fc.oneof(fc.nat(5), fc.constant('nemesis' as const)),
  type: fc.constantFrom<OpType>('invoke', 'ok', 'fail', 'info'),
  f: fc.oneof(fc.constantFrom('read', 'write', 'network/cut'), anyText),
  value: jsonValue,
  key: fc.option(fc.oneof(fc.integer(), anyText), { nil: undefined }),
  node: fc.option(anyText, { nil: undefined }),
  error: fc.option(anyText, { nil: undefined }),
});

export const anyEvents = fc.array(anyEvent, { maxLength: 20 });
