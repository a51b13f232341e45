import { expect, test } from 'vitest';
import { HEALTHY_LINK, type LinkPolicy } from '../../../src/faults/link.ts';
import { newSharedMemory, PolicyReader, writePolicy } from '../../../src/linux/network/shared-policies.ts';

test('the switch sees each link as it was last written, every field of it', () => {
  const memory = newSharedMemory(4);
  const reader = new PolicyReader(memory);
  for (let link = 0; link < 4; link++) writePolicy(memory, link, HEALTHY_LINK);
  const odd: LinkPolicy = {
    latency: { base: 1, tail: 2 },
    loss: 0.3,
    duplicate: 0.4,
    reorder: 0.5,
    corrupt: 0.6,
    bandwidth: 7,
    cut: 'reset',
  };
  writePolicy(memory, 2, odd);
  expect(reader.policy(2)).toEqual(odd);
  expect(reader.policy(1)).toEqual(HEALTHY_LINK);
  writePolicy(memory, 2, { ...odd, cut: 'drop' });
  expect(reader.policy(2).cut).toBe('drop');
  expect(reader.policy(2)).toBe(reader.policy(2));
});
