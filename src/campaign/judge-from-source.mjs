// Runs the thread that judges a run from the TypeScript sources, in development and in tests; the package has no need of it.
import { register } from 'tsx/esm/api';

register();

await import('./judge-thread.ts');
