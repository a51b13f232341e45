import { join } from 'node:path';
import type { NodeSite, ServerBinary, ServerProcess } from '../../../world/process-deployment.ts';
import { CLIENT_PORT } from './api.ts';

export const ETCD: ServerBinary = {
  binary: 'etcd',
  package: 'etcd-server',
  version: ['etcd', '--version'],
};

const PEER_PORT = 2380;

/** A node's etcd, in a cluster of all nodes. */
export function etcdProcess(node: NodeSite, nodes: readonly NodeSite[]): ServerProcess {
  const peerUrl = ({ address }: NodeSite) => `http://${address}:${PEER_PORT}`;
  const clientUrl = `http://${node.address}:${CLIENT_PORT}`;
  const flags = {
    name: node.id,
    'data-dir': join(node.data, 'etcd'),
    'listen-peer-urls': peerUrl(node),
    'initial-advertise-peer-urls': peerUrl(node),
    'listen-client-urls': clientUrl,
    'advertise-client-urls': clientUrl,
    'initial-cluster': nodes.map((one) => `${one.id}=${peerUrl(one)}`).join(','),
    'initial-cluster-state': 'new',
  };
  return {
    name: 'etcd',
    command: ['etcd', ...Object.entries(flags).flatMap(([name, value]) => [`--${name}`, value])],
  };
}
