import { expect, test } from 'vitest';
import { linearizable } from '../../checkers/linearizable/linearizable.ts';
import { measured } from '../../checkers/measured.ts';
import { check, tell } from './story.ts';

const write = { process: 0, f: 'write', argument: 1 };

test('what is only measured accuses nobody, and is told', () => {
  const stale = check(measured(linearizable()), tell(write, { process: 1, f: 'read', result: null }));
  expect(stale).toMatchObject({ valid: true, anomalies: [], counts: { violations: 1 } });
  expect(stale.notes?.[0]).toContain('did not hold');
  const fresh = check(measured(linearizable()), tell(write, { process: 1, f: 'read', result: 1 }));
  expect(fresh).toMatchObject({ valid: true, notes: ['not promised, but held in this run'] });
});
