// Runs a worker thread from the TypeScript sources, in development and in tests; the package has no need of it.
import { register } from 'tsx/esm/api';

register();

export const { runSeeds } = await import('./run-seeds.ts');
