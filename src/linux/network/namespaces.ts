import { closeSync, constants, openSync } from 'node:fs';
import { execa } from 'execa';
import { addressOf, clientsAddress, deviceOf, type Lease, namespaceOf } from '../lease.ts';
import type { Libc } from '../libc.ts';
import { RUN_MARK } from '../run-mark.ts';

const TUNSETIFF = 0x400454ca;
/** Whole IP packets, with nothing before them. */
const IFF_TUN_NO_PI = 0x1001;

const MTU = 1_500;

/** How long making them may take, ms: a second on a quiet machine. */
const MADE_WITHIN = 60_000;

/** TUN devices of the nodes, and last that of the clients, opened; `close` destroys them. */
export interface Devices {
  readonly all: readonly number[];
  close(): void;
}

/**
 * Makes a network namespace for each node, with a TUN device in it, and a device on the side of the clients. Nobody
 * carries packets between them yet.
 */
export async function makeNamespaces(lease: Lease, nodes: number, libc: Libc): Promise<Devices> {
  const numbers = Array.from({ length: nodes }, (_, i) => i + 1);
  const opened = [...numbers, 0].map((number) => openTun(deviceOf(lease, number), libc));
  const close = () => opened.forEach(closeSync);
  const clients = deviceOf(lease, 0);
  const script = [
    ...numbers.flatMap((number) => nodeScript(lease, number)),
    ...addressScript(clients, clientsAddress(lease)),
  ];
  // Marked, so that whoever undoes the run meanwhile ends this first.
  const env = { [RUN_MARK]: String(lease.id) };
  try {
    await execa('sh', ['-e'], { input: script.join('\n'), env, timeout: MADE_WITHIN });
  } catch (error) {
    close();
    throw error;
  }
  return { all: opened, close };
}

function openTun(name: string, libc: Libc): number {
  const device = openSync('/dev/net/tun', constants.O_RDWR | constants.O_NONBLOCK);
  const request = new Uint8Array(40);
  request.set(new TextEncoder().encode(name));
  new DataView(request.buffer).setUint16(16, IFF_TUN_NO_PI, true);
  if (libc.ioctl(device, TUNSETIFF, request) === 0) return device;
  closeSync(device);
  throw new Error(`can't make the network device ${name}: /dev/net/tun refuses`);
}

function nodeScript(lease: Lease, number: number): string[] {
  const namespace = namespaceOf(lease, number);
  const device = deviceOf(lease, number);
  return [
    `ip netns add ${namespace}`,
    `ip link set ${device} netns ${namespace}`,
    `nsenter --net=/run/netns/${namespace} sh -e <<'END'`,
    'ip link set lo up',
    ...addressScript(device, addressOf(lease, number)),
    ...TCP_SETTINGS,
    'END',
  ];
}

function addressScript(device: string, address: string): string[] {
  return [
    `test ! -d /proc/sys/net/ipv6 || echo 1 > /proc/sys/net/ipv6/conf/${device}/disable_ipv6`,
    `ip address add ${address}/24 dev ${device}`,
    `ip link set ${device} mtu ${MTU} up`,
  ];
}

/**
 * After a long cut TCP would wait for many seconds more until it tries again, longer than a test's quiet time. So it
 * tries each second (Linux 6.15), or else gives the connection up after some 13 s, and programs make a new one.
 */
const TCP_SETTINGS = [
  'cd /proc/sys/net/ipv4',
  'if test -e tcp_rto_max_ms; then echo 1000 > tcp_rto_max_ms; echo 255 > tcp_retries2; else echo 6 > tcp_retries2; fi',
];
