import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';

/** Why there is no Redis server to be had here; undefined if there is one. */
export const NO_REDIS =
  spawnSync('redis-server', ['--version']).status === 0
    ? undefined
    : 'there is no redis-server here; Debian has it in the package redis-server';

/** A Redis server of one's own on a free port of the loopback interface, which writes nothing to disk. */
export async function startRedis(folder: string): Promise<{ url: string; stop(): Promise<void> }> {
  const port = await freePort();
  const server = spawn(
    'redis-server',
    ['--bind', '127.0.0.1', '--port', String(port), '--save', '', '--appendonly', 'no', '--dir', folder],
    { stdio: ['ignore', 'pipe', 'ignore'] },
  );
  await ready(server);
  return {
    url: `redis://127.0.0.1:${port}`,
    async stop() {
      server.kill();
      if (server.exitCode === null) await once(server, 'exit');
    },
  };
}

async function ready(server: ChildProcess): Promise<void> {
  let said = '';
  for await (const text of server.stdout!) {
    said += text;
    if (said.includes('Ready to accept connections')) break;
  }
  server.stdout!.resume();
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
