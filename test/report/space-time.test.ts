import { expect, test } from 'vitest';
import { registry } from '../../src/campaign/registry.ts';
import { runSpec } from '../../src/campaign/run-spec.ts';
import { proofsOf } from '../../src/report/proof.ts';
import { diagramOf } from '../../src/report/space-time/diagram.ts';
import { sceneOfProof } from '../../src/report/space-time/scene.ts';
import { timeAxis } from '../../src/report/space-time/time-axis.ts';
import { nodeNames, resolveSpec } from '../../src/spec/resolve.ts';
import type { Travel } from '../../src/world/travel.ts';

async function observe(bugs: readonly string[], seed: number) {
  const resolved = resolveSpec(
    { system: 'raft', bugs: [...bugs], nodes: 3, concurrency: 3, rate: 20, seed },
    registry,
  );
  const travels: Travel[] = [];
  const silent = await runSpec(resolved);
  const { outcome, history } = await runSpec(resolved, { onTravel: (travel) => void travels.push(travel) });
  expect(outcome.fingerprint, 'listening changes nothing').toBe(silent.outcome.fingerprint);
  const proofs = proofsOf(outcome.verdicts, history);
  return { outcome, proofs, observed: { history, travels, nodes: nodeNames(3) } };
}

test('the diagram of a violation shows who took part, the messages of that time, and the faults', async () => {
  const { outcome, proofs, observed } = await observe(['stale-leader-read'], 2);
  expect(outcome.valid).toBe(false);
  const svg = diagramOf(outcome, proofs, observed);
  expect(svg).toContain('raft with stale-leader-read, seed 2: stale-read');
  for (const lane of ['process 1', 'n1', 'n2', 'n3']) expect(svg).toContain(`>${lane}</text>`);
  expect(svg).toContain('network/cut n1 n3 | n2');
  expect(svg).toMatch(/marker-end="url\(#m\)"><title>n\d to n\d: \{/);
  expect(svg, 'a message that the cut swallowed').toContain('stroke-dasharray');
});

test('the diagram of a valid run shows its first operations', async () => {
  const { outcome, proofs, observed } = await observe([], 1);
  expect(outcome.valid).toBe(true);
  const svg = diagramOf(outcome, proofs, observed);
  expect(svg.match(/<rect [^>]*rx="3"/g)).toHaveLength(6);
});

test('on the axis time never goes back, and what happens stays inside', async () => {
  const { proofs, observed } = await observe(['stale-leader-read'], 2);
  const scene = sceneOfProof(proofs.find((proof) => proof !== undefined)!, observed);
  const x = timeAxis(scene, 0, 1000);
  expect([x(scene.begin), x(scene.end)]).toEqual([0, 1000]);
  const places = scene.travels.map(({ sent }) => x(sent));
  expect(places).toEqual([...places].sort((a, b) => a - b));
});
