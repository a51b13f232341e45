import { expect, test } from 'vitest';
import type { Council, Deliberation } from '../../src/systems/sim/byzantine-generals/council.ts';
import { majority, type OralMessage, oralMessages } from '../../src/systems/sim/byzantine-generals/oral.ts';
import type { Order } from '../../src/systems/sim/byzantine-generals/order.ts';
import { type SignedMessage, signedMessages } from '../../src/systems/sim/byzantine-generals/signed.ts';
import { SECOND } from '../../src/world/nanos.ts';
import { sign } from '../../src/world/signature.ts';
import { findings, type Run, run } from './run.ts';

const NO_BUGS: ReadonlySet<string> = new Set();
const SHORT = { timeLimit: 6 * SECOND, settle: SECOND };

function council(...generals: string[]): Council {
  return { number: 7, commander: generals[0]!, generals };
}

const oral = (order: Order, ...path: string[]): OralMessage => ({ council: 7, path, order });

function heard(deliberation: Deliberation<OralMessage>, ...messages: OralMessage[]): boolean[] {
  return messages.map((message) => deliberation.hear(message.path.at(-1)!, message, message.path.length - 1));
}

test('more than half make a majority, and without one it is to retreat', () => {
  expect(majority(['attack', 'attack', 'retreat'])).toBe('attack');
  expect(majority(['attack', 'retreat'])).toBe('retreat');
  expect(majority([])).toBe('retreat');
});

test('OM(1): a lieutenant passes on what he heard, and the majority outvotes one liar (figures 3 and 4 of the paper)', () => {
  const lieutenant = oralMessages(1).deliberation(council('n1', 'n2', 'n3', 'n4'), 'n2');
  heard(lieutenant, oral('attack', 'n1'));
  expect(lieutenant.tell(1)).toEqual([
    ['n3', oral('attack', 'n1', 'n2')],
    ['n4', oral('attack', 'n1', 'n2')],
  ]);
  heard(lieutenant, oral('attack', 'n1', 'n3'), oral('retreat', 'n1', 'n4'));
  expect(lieutenant.decide()).toBe('attack');
});

test('with three generals a loyal one is deceived whoever lies (figures 1 and 2)', () => {
  const lieutenant = oralMessages(1).deliberation(council('n1', 'n2', 'n3'), 'n2');
  heard(lieutenant, oral('attack', 'n1'), oral('retreat', 'n1', 'n3'));
  expect(lieutenant.decide()).toBe('retreat');
});

test('what nobody could rightly have said by then counts as not said', () => {
  const lieutenant = oralMessages(1).deliberation(council('n1', 'n2', 'n3', 'n4'), 'n2');
  expect(lieutenant.hear('n3', oral('attack', 'n1'), 0)).toBe(false);
  expect(lieutenant.hear('n1', oral('attack', 'n1'), 1)).toBe(false);
  expect(heard(lieutenant, oral('attack', 'n3'))).toEqual([false]);
  expect(heard(lieutenant, oral('attack', 'n1', 'n1'))).toEqual([false]);
  expect(heard(lieutenant, oral('attack', 'n1', 'n2'))).toEqual([false]);
  expect(heard(lieutenant, oral('attack', 'n1', 'n9'))).toEqual([false]);
  expect(heard(lieutenant, oral('flee' as Order, 'n1'))).toEqual([false]);
  expect(heard(lieutenant, oral('attack', 'n1'), oral('retreat', 'n1'))).toEqual([true, false]);
  expect(lieutenant.hear('n3', { council: 7 } as OralMessage, 1)).toBe(false);
});

const commanded = (order: Order): SignedMessage =>
  signedMessages(1, NO_BUGS).command(council('n1', 'n2', 'n3'), order);

function signedLieutenant(bugs = NO_BUGS) {
  return signedMessages(1, bugs).deliberation(council('n1', 'n2', 'n3'), 'n2');
}

test('SM(1): two orders with the signature of the commander prove him a traitor (figure 5)', () => {
  const lieutenant = signedLieutenant();
  expect(lieutenant.hear('n1', commanded('attack'), 0)).toBe(true);
  expect(lieutenant.tell(1)).toEqual([['n3', sign('n2', commanded('attack'))]]);
  expect(lieutenant.decide()).toBe('attack');
  expect(lieutenant.hear('n3', sign('n3', commanded('retreat')), 1)).toBe(true);
  expect(lieutenant.decide()).toBe('retreat');
});

test('an order without all signatures, or with too few for its round, is not heard', () => {
  const lieutenant = signedLieutenant();
  const forged = { ...commanded('attack'), signed: { council: 7, order: 'retreat' as const } };
  expect(lieutenant.hear('n3', sign('n3', forged), 1)).toBe(false);
  expect(lieutenant.hear('n3', sign('n3', { council: 7, order: 'attack' as const }), 0)).toBe(false);
  expect(lieutenant.hear('n1', commanded('attack'), 1)).toBe(false);
  expect(lieutenant.hear('n1', sign('n1', commanded('attack')), 1)).toBe(false);
  expect(lieutenant.hear('n1', {} as SignedMessage, 0)).toBe(false);
  expect(lieutenant.decide()).toBe('retreat');
  const credulous = signedLieutenant(new Set(['unsigned-relay-believed']));
  expect(credulous.hear('n3', sign('n3', forged), 1)).toBe(true);
});

const SYSTEMS = ['byzantine-generals', 'byzantine-generals-signed'];

test.each([
  ['byzantine-generals', 'n-is-3f'],
  ['byzantine-generals', 'one-round-too-few'],
  ['byzantine-generals-signed', 'one-round-too-few'],
  ['byzantine-generals-signed', 'unsigned-relay-believed'],
])('%s with %s is found', async (system, bug) => {
  for (let seed = 1; seed <= 2; seed++) {
    const outcome = await run({ system, bug, seed });
    expect(findings(outcome).anomalies).toContain('agreement');
    expect(outcome.beyond).toEqual([]);
  }
});

test.each<Omit<Run, 'seed'>>([
  { system: 'byzantine-generals' },
  { system: 'byzantine-generals', nemeses: 'byzantine:share=1' },
  { system: 'byzantine-generals', nodes: 7, systemParameters: { traitors: 2 } },
  { system: 'byzantine-generals-signed' },
  { system: 'byzantine-generals-signed', nemeses: 'byzantine:lies=equivocate' },
  { system: 'byzantine-generals-signed', nodes: 5, systemParameters: { traitors: 3 } },
])('agreement holds for $system with n ≥ 3f + 1, or signed with n ≥ f + 2: %o', async (test) => {
  for (let seed = 1; seed <= 4; seed++) {
    const outcome = await run({ ...test, seed, ...SHORT });
    expect(findings(outcome)).toEqual({ anomalies: [], vacuous: [] });
  }
});

test.each([
  [3, 1],
  [6, 2],
])('with %d = 3f generals and %d traitors oral messages break, beyond the model', async (nodes, traitors) => {
  const all = { system: 'byzantine-generals', nodes, systemParameters: { traitors } };
  const nemeses = `byzantine:liars=${traitors}`;
  await expect(run({ ...all, nemeses, seed: 1 })).rejects.toThrow(
    `${traitors} liar${traitors === 1 ? '' : 's'} among ${nodes} nodes, of which byzantine-generals bears`,
  );
  const outcome = await run({ ...all, nemeses, seed: 1, beyondModel: true });
  expect(outcome.valid).toBe(false);
  expect(outcome.beyond).toEqual([`${traitors} liar${traitors === 1 ? '' : 's'} among ${nodes} nodes`]);
});

test('three generals agree in writing where they can not by word of mouth', async () => {
  for (const system of SYSTEMS) {
    const nemeses = 'byzantine:liars=1';
    const outcome = await run({ system, nodes: 3, nemeses, beyondModel: true, seed: 2 });
    expect(outcome.valid, system).toBe(system === 'byzantine-generals-signed');
  }
});

test('in a byzantine model crashes hit those who may lie, and nobody else', async () => {
  const outcome = await run({
    system: 'byzantine-generals',
    nemeses: 'kill:targets=all,byzantine',
    seed: 1,
    ...SHORT,
  });
  expect(findings(outcome)).toEqual({ anomalies: [], vacuous: [] });
  expect(outcome.verdicts[0]!.counts.faulty).toBe(1);
});

test.each([0, 1, 2, 5, 20])(
  'two generals with %d acknowledgements break on a lossy network, whatever they do',
  async (acknowledgements) => {
    const lossy = { model: { network: 'fair-loss' as const }, nemeses: 'packet:kinds=loss,loss=0.1' };
    const outcome = await run({
      system: 'two-generals',
      systemParameters: { acknowledgements },
      ...lossy,
      seed: 1,
    });
    expect(findings(outcome).anomalies).toEqual(['lone-attack']);
    expect(outcome.beyond).toEqual(['network fair-loss']);
  },
);

test('two generals hold on a reliable network, however slow it is', async () => {
  for (let acknowledgements = 0; acknowledgements < 6; acknowledgements++) {
    const systemParameters = { acknowledgements };
    const outcome = await run({
      system: 'two-generals',
      systemParameters,
      seed: acknowledgements,
      timeLimit: 6 * SECOND,
    });
    expect(findings(outcome)).toEqual({ anomalies: [], vacuous: [] });
  }
});
