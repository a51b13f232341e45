import { byzantine } from './byzantine.ts';
import { clock } from './clock.ts';
import { disk } from './disk.ts';
import { kill } from './kill.ts';
import type { Nemesis } from './nemesis.ts';
import { packet } from './packet.ts';
import { partition } from './partition.ts';
import { pause } from './pause.ts';
import { swarm } from './swarm.ts';

/** Every nemesis by its name. */
export const nemeses: Readonly<Record<string, Nemesis>> = {
  partition,
  packet,
  clock,
  kill,
  pause,
  disk,
  byzantine,
  swarm,
};
