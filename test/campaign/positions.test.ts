import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { Positions } from '../../src/campaign/positions.ts';

test('stretches are a set, whatever is added and deleted in whatever order', () => {
  const steps = fc.array(fc.tuple(fc.boolean(), fc.nat(30)), { maxLength: 60 });
  fc.assert(
    fc.property(steps, steps, fc.nat(10), (ours, others, from) => {
      const [a, model] = filled(ours);
      const [b, other] = filled(others);
      expect(a.size).toBe(model.size);
      for (let i = 0; i <= 31; i++) expect(a.has(i)).toBe(model.has(i));
      let free = from;
      while (model.has(free) || other.has(free)) free++;
      expect(Positions.firstOutside([a, b], from)).toBe(free);
    }),
  );
});

function filled(steps: readonly (readonly [boolean, number])[]): [Positions, Set<number>] {
  const positions = new Positions();
  const model = new Set<number>();
  for (const [adds, position] of steps) {
    if (adds) expect(positions.add(position)).toBe(!model.has(position));
    else positions.delete(position);
    if (adds) model.add(position);
    else model.delete(position);
  }
  return [positions, model];
}
