import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';

const FROM_SOURCE = import.meta.url.endsWith('.ts');
const PROGRAM = new URL(FROM_SOURCE ? './run-node.ts' : './run-node.js', import.meta.url);

/** The command that runs one node of a system of node programs; its last argument, the task, is still missing. */
export function nodeCommand(): [program: string, ...args: string[]] {
  if (!FROM_SOURCE) return [process.execPath, fileURLToPath(PROGRAM)];
  // The process begins in a folder from which there is no way to tsx.
  const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
  return [process.execPath, '--import', tsx, fileURLToPath(PROGRAM)];
}
