export type { Nemesis, NemesisOptions } from './nemesis.ts';
export { nemeses } from './registry.ts';
export { drawSwarm, type SwarmDraw, type SwarmMember } from './swarm-draw.ts';
