import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
// The compiled file lies one folder deeper than its source.
const manifest = import.meta.url.endsWith('.ts') ? '../package.json' : '../../package.json';

/** Momus's own version. */
export const VERSION: string = require(manifest).version;
