export type { Nemesis, NemesisOptions } from './nemesis.ts';
export { type NemesisSpec, parseNemeses, parseNemesis } from './parse.ts';
export { nemeses } from './registry.ts';
