import { expect, test } from 'vitest';
import { limit } from '../../src/generator/limits.ts';
import { simulateGenerator } from '../../src/generator/simulate.ts';
import { onClients } from '../../src/generator/threads.ts';
import { transfer } from '../../workloads/transfer.ts';
import { optionsFor } from './options.ts';

const FUNCTIONS = { functions: ['transfer', 'read', 'log'] };

test('each transfer has a name of its own, and goes between accounts of the two nodes that take part', () => {
  const generator = limit(300, transfer.generator(optionsFor(transfer, FUNCTIONS)));
  const events = simulateGenerator(onClients(generator)).filter(({ type }) => type === 'invoke');
  const transfers = events
    .filter(({ f }) => f === 'transfer')
    .map(({ value }) => value as Record<'txn' | 'from' | 'to' | 'participants', unknown>);
  expect(new Set(transfers.map(({ txn }) => txn)).size).toBe(transfers.length);
  for (const { from, to, participants } of transfers) {
    const nodes = [from, to].map((account) => String(account).split(':')[0]);
    expect(participants).toEqual(nodes);
    expect(nodes[0]).not.toBe(nodes[1]);
  }
  const reads = events.filter(({ f }) => f === 'read').map(({ value }) => value);
  expect(reads.length).toBeGreaterThan(5);
  expect(reads[0]).toEqual(['n1:0', 'n1:1', 'n2:0', 'n2:1', 'n3:0', 'n3:1']);
});

test('in the end every node reads all accounts, and then every node tells its log', () => {
  const events = simulateGenerator(onClients(transfer.finale(optionsFor(transfer, FUNCTIONS))));
  const asked = events.filter(({ type }) => type === 'invoke').map(({ f, node }) => `${f} ${node}`);
  expect(asked.slice(0, 3).sort()).toEqual(['read n1', 'read n2', 'read n3']);
  expect(asked.slice(3).sort()).toEqual(['log n1', 'log n2', 'log n3']);
});
