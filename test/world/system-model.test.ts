import { expect, test } from 'vitest';
import { didYouMean } from '../../src/world/did-you-mean.ts';
import { BENIGN, beyond, formatModel, wilder } from '../../src/world/system-model.ts';

const crashRecovery = { network: 'fair-loss', nodes: 'crash-recovery', timing: 'asynchronous' } as const;

test('a model allows what is as benign as itself in each of the three parts', () => {
  expect(beyond(crashRecovery, crashRecovery)).toEqual([]);
  expect(beyond(crashRecovery, BENIGN)).toEqual([]);
  expect(beyond(BENIGN, crashRecovery)).toEqual([
    'network fair-loss',
    'nodes crash-recovery',
    'timing asynchronous',
  ]);
  expect(beyond(crashRecovery, { ...BENIGN, nodes: 'byzantine' })).toEqual(['nodes byzantine']);
});

test('the wilder of two models takes the wilder of each part', () => {
  const lossy = { ...BENIGN, network: 'arbitrary' } as const;
  expect(formatModel(wilder(lossy, crashRecovery))).toBe('arbitrary / crash-recovery / asynchronous');
});

test('a typo finds the nearest name, nonsense finds none', () => {
  const known = ['partition', 'packet', 'pause', 'kill'];
  expect(didYouMean('partitoin', known)).toBe(' (did you mean "partition"?)');
  expect(didYouMean('part', known)).toBe(' (did you mean "partition"?)');
  expect(didYouMean('kil', known)).toBe(' (did you mean "kill"?)');
  expect(didYouMean('xyzzy', known)).toBe('');
});
