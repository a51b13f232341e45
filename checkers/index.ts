export { CATALOGUE, type CatalogueEntry } from './catalogue.ts';
export {
  type Anomaly,
  type Budget,
  type Checker,
  type CheckOptions,
  DEFAULT_BUDGET,
  type Validity,
  type Verdict,
} from './checker.ts';
export { convergence } from './convergence.ts';
export { type LinearizableOptions, linearizable } from './linearizable/linearizable.ts';
export { type SetFullOptions, setFull } from './set-full.ts';
export { stats } from './stats.ts';
