// Runs the thread from the TypeScript sources, in development and in tests; the package has no need of it.
import { register } from 'tsx/esm/api';

register();

await import('./fuse-loop.ts');
