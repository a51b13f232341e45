import { chownSync, closeSync, fsyncSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { NodeId } from '../faults/fault.ts';
import type { NodeSite, ProcessDeployment } from '../world/process-deployment.ts';
import { addressOf, folderOf, type Lease } from './lease.ts';

/** Where each node of a run lives. Nothing is made yet. */
export function sitesOf(lease: Lease, nodes: readonly NodeId[]): NodeSite[] {
  return nodes.map((id, i) => ({
    id,
    number: i + 1,
    address: addressOf(lease, i + 1),
    data: join(folderOf(lease), id, 'data'),
    home: join(folderOf(lease), id, 'home'),
  }));
}

/** Makes the folders of a node, and writes the files that its deployment wants there; all belong to its user. */
export function makeSite(site: NodeSite, sites: readonly NodeSite[], deployment: ProcessDeployment): void {
  const owner = userOf(deployment.user ?? 'root');
  for (const folder of [site.data, site.home]) makeFolder(folder, owner);
  // A power loss must not take the ownership away.
  sync(site.data);
  for (const [path, content] of Object.entries(deployment.files?.(site, sites) ?? {})) {
    const file = join(site.home, path);
    makeFolder(dirname(file), owner);
    writeFileSync(file, content, { mode: content.startsWith('#!') ? 0o755 : 0o644 });
    chownSync(file, owner.uid, owner.gid);
  }
}

export interface Owner {
  readonly uid: number;
  readonly gid: number;
}

/** The numbers of a Unix user. */
export function userOf(name: string): Owner {
  const line = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((entry) => entry.split(':'))
    .find(([user]) => user === name);
  if (line === undefined) throw new Error(`no user ${name} on this machine; its Debian package makes it`);
  return { uid: Number(line[2]), gid: Number(line[3]) };
}

function makeFolder(path: string, { uid, gid }: Owner): void {
  mkdirSync(path, { recursive: true });
  chownSync(path, uid, gid);
}

function sync(folder: string): void {
  const file = openSync(folder, 'r');
  fsyncSync(file);
  closeSync(file);
}
