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

test('clocks may be as wrong as the model says; if it says nothing, without bound when asynchronous and else never', () => {
  const off = (clockError: number) => ({ ...BENIGN, clockError });
  const timed = { ...crashRecovery, timing: 'partially-synchronous', clockError: 4e6 } as const;
  expect(beyond(timed, off(4e6))).toEqual([]);
  expect(beyond(timed, off(5e6))).toEqual(['clock-error 5ms']);
  expect(beyond(crashRecovery, off(60e9))).toEqual([]);
  expect(beyond(BENIGN, off(1))).toEqual(['clock-error 1ns']);
  expect(wilder(timed, off(5e6)).clockError).toBe(5e6);
  expect(wilder(timed, crashRecovery).clockError).toBeUndefined();
  expect(formatModel(timed)).toBe('fair-loss / crash-recovery / partially-synchronous, clocks within 4ms');
});

test('a typo finds the nearest name, nonsense finds none', () => {
  const known = ['partition', 'packet', 'pause', 'kill'];
  expect(didYouMean('partitoin', known)).toBe(' (did you mean "partition"?)');
  expect(didYouMean('part', known)).toBe(' (did you mean "partition"?)');
  expect(didYouMean('kil', known)).toBe(' (did you mean "kill"?)');
  expect(didYouMean('xyzzy', known)).toBe('');
});
