import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createConnection } from 'node:net';
import {
  addressOf,
  claimLease,
  clientsAddress,
  type Lease,
  markOf,
  namespaceOf,
} from '../src/linux/lease.ts';
import { loadLibc } from '../src/linux/libc.ts';
import { makeNamespaces } from '../src/linux/network/namespaces.ts';
import { Switch } from '../src/linux/network/switch.ts';
import { linuxSupport } from '../src/linux/support.ts';
import { undo } from '../src/linux/undo.ts';
import type { Measure } from './linux.ts';

const ROUND_TRIPS = 3_000;
const SECONDS = 5;

/** Echoes on port 7, swallows on port 9. */
const SERVER = `
const net = require('net');
net.createServer((socket) => { socket.setNoDelay(); socket.on('error', () => {}); socket.pipe(socket); }).listen(7, '0.0.0.0');
net.createServer((socket) => { socket.on('error', () => {}); socket.resume(); }).listen(9, '0.0.0.0', () => console.log('up'));
`;

/** Sends to port 9 of its argument as fast as it can. */
const SENDER = `
const socket = require('net').connect(9, process.argv[1]);
const part = Buffer.alloc(65536);
const more = () => { while (socket.write(part)); };
socket.on('connect', more).on('drain', more).on('error', () => {});
`;

/** What the switch adds to a round trip, and how much it carries, between two nodes and from the controller's side. */
export async function benchLinuxNetwork(): Promise<Measure[]> {
  const support = linuxSupport();
  if (support !== true) return [{ what: 'network', measured: `not measured: it ${support}` }];
  const lease = claimLease();
  const devices = await makeNamespaces(lease, 2, await loadLibc());
  const hosts = [addressOf(lease, 1), addressOf(lease, 2), clientsAddress(lease)];
  const network = new Switch({
    nodes: ['n1', 'n2'],
    devices: devices.all,
    addresses: hosts.map((address) => address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0)),
    seed: 1,
    faultyClients: false,
    capture: false,
  });
  const local = spawn(process.execPath, ['-e', SERVER], { stdio: ['ignore', 'pipe', 'inherit'] });
  const remote = inNode(lease, 2, SERVER);
  try {
    await Promise.all([local, remote].map((server) => once(server.stdout!, 'data')));
    const direct = await roundTrip('127.0.0.1');
    const switched = await roundTrip(hosts[1]!);
    const sender = inNode(lease, 1, SENDER, hosts[1]!);
    const before = network.counts.sent;
    const cpuBefore = process.cpuUsage();
    await new Promise((resolve) => setTimeout(resolve, SECONDS * 1_000));
    const cpu = process.cpuUsage(cpuBefore);
    const packets = network.counts.sent - before;
    sender.kill('SIGKILL');
    return [
      { what: 'TCP round trip on the loopback, median', measured: `${direct.toFixed(3)} ms` },
      { what: 'TCP round trip through the switch, median', measured: `${switched.toFixed(3)} ms` },
      {
        what: 'packets a second through the switch, one TCP stream',
        measured: Math.round(packets / SECONDS).toLocaleString('en'),
      },
      {
        what: 'CPU time of the switch for a packet',
        measured: `${((cpu.user + cpu.system) / packets).toFixed(1)} us`,
      },
    ];
  } finally {
    for (const server of [local, remote]) server.kill('SIGKILL');
    await network.stop();
    devices.close();
    undo(lease);
  }
}

function inNode(lease: Lease, number: number, code: string, ...args: readonly string[]): ChildProcess {
  const [mark, value] = markOf(lease).split('=') as [string, string];
  const namespace = `--net=/run/netns/${namespaceOf(lease, number)}`;
  return spawn('nsenter', [namespace, process.execPath, '-e', code, ...args], {
    env: { [mark]: value },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

/** The median of many, ms. */
async function roundTrip(address: string): Promise<number> {
  const socket = createConnection(7, address);
  await once(socket, 'connect');
  socket.setNoDelay();
  const times: number[] = [];
  for (let i = 0; i < ROUND_TRIPS; i++) {
    const sent = performance.now();
    socket.write('x');
    await once(socket, 'data');
    times.push(performance.now() - sent);
  }
  socket.destroy();
  return times.sort((a, b) => a - b)[ROUND_TRIPS / 2]!;
}
