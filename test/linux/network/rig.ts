import { type ChildProcess, spawn } from 'node:child_process';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import type { Fault } from '../../../src/faults/fault.ts';
import { addressOf, claimLease, clientsAddress, markOf, namespaceOf } from '../../../src/linux/lease.ts';
import { loadLibc } from '../../../src/linux/libc.ts';
import { makeNamespaces } from '../../../src/linux/network/namespaces.ts';
import { Switch } from '../../../src/linux/network/switch.ts';
import { undo } from '../../../src/linux/undo.ts';

/** In n2: echoes TCP; answers "hello" over UDP with a tick every 10 ms that says how many datagrams came so far, and counts and echoes the rest. */
const SERVER = `
const tcp = require('net').createServer((socket) => { socket.on('error', () => {}); socket.pipe(socket); });
const udp = require('dgram').createSocket('udp4');
let count = 0;
udp.on('message', (message, { port, address }) => {
  if (String(message) === 'hello')
    return setInterval(() => udp.send('tick ' + count, port, address), 10);
  count++;
  udp.send(message, port, address);
});
udp.bind(7, '0.0.0.0', () => tcp.listen(7, '0.0.0.0', () => console.log('up')));
`;

/** Two nodes; the test itself stands beside n1 and talks to the server in n2. */
export interface Rig {
  readonly network: Switch;
  /** Of the server. */
  readonly address: string;
  readonly udp: Socket;
  inject(fault: Extract<Fault, { readonly kind: `network/${string}` }>): void;
  end(pcap: string): Promise<void>;
}

export async function makeRig(): Promise<Rig> {
  const lease = claimLease();
  const devices = await makeNamespaces(lease, 2, await loadLibc());
  const addresses = [addressOf(lease, 1), addressOf(lease, 2), clientsAddress(lease)];
  const network = new Switch({
    nodes: ['n1', 'n2'],
    devices: devices.all,
    addresses: addresses.map((address) =>
      address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0),
    ),
    seed: 1,
    faultyClients: true,
    capture: true,
  });
  const [mark, value] = markOf(lease).split('=') as [string, string];
  const command = [`--net=/run/netns/${namespaceOf(lease, 2)}`, process.execPath, '-e', SERVER];
  const server: ChildProcess = spawn('nsenter', command, {
    env: { [mark]: value },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(server.stdout!, 'data');
  const udp = createSocket('udp4');
  await new Promise<void>((resolve) => udp.connect(7, addresses[1]!, resolve));
  return {
    network,
    address: addresses[1]!,
    udp,
    inject: (fault) => network.inject(fault),
    async end(pcap) {
      udp.close();
      server.kill('SIGKILL');
      await network.stop(pcap);
      devices.close();
      undo(lease);
    },
  };
}
