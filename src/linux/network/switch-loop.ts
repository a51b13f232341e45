import { arrival, corrupted, type LinkState, LOST, release, secondArrival } from '../../faults/link.ts';
import { type RandomStream, randomOf, type Seed } from '../../world/random.ts';
import { type Libc, loadLibc } from '../libc.ts';
import { CaptureRing } from './capture.ts';
import { DuePackets } from './due-packets.ts';
import { destination, isIpv4, mendChecksum, payloadOf, resets } from './packet.ts';
import { LiftReader, PolicyReader, type SharedMemory } from './shared-policies.ts';

/** All that the switch is told at its start. Plain data. */
export interface SwitchTask {
  /** The TUN device of each host. */
  readonly devices: readonly number[];
  /** The address of each host, as a number. */
  readonly addresses: readonly number[];
  readonly memory: SharedMemory;
  readonly seed: Seed;
  /** Memory of a capture ring; null: nothing is kept. */
  readonly capture: SharedArrayBuffer | null;
}

/** How long the switch sleeps at most, so that it hears when it is to end (ns). */
const LONGEST_SLEEP = 20e6;

/** Packets read from one host before the others have their turn. */
const PACKETS_A_TURN = 32;

/** More packets than this on their way overflow the buffers, as in real switches. */
const MOST_UNDER_WAY = 50_000;

const LARGEST_PACKET = 65_536;
const POLLIN = 1;

/** Carries packets between hosts by the policies of their links, until it is told to stop. Blocks its thread. */
export async function runSwitch(task: SwitchTask): Promise<void> {
  const loop = new SwitchLoop(task, await loadLibc());
  while (Atomics.load(task.memory.stop, 0) === 0) loop.turn();
}

class SwitchLoop {
  private readonly task: SwitchTask;
  private readonly libc: Libc;
  private readonly hostOf: ReadonlyMap<number, number>;
  private readonly policies: PolicyReader;
  private readonly lifts: LiftReader;
  private readonly states: readonly LinkState[];
  private readonly due = new DuePackets();
  private readonly random: RandomStream;
  private readonly ring: CaptureRing | null;
  private readonly polled: Uint8Array;
  private readonly events: DataView;
  private readonly timeout = new Uint8Array(16);
  private readonly buffer = new Uint8Array(LARGEST_PACKET);

  constructor(task: SwitchTask, libc: Libc) {
    this.task = task;
    this.libc = libc;
    this.hostOf = new Map(task.addresses.map((address, host) => [address, host]));
    this.policies = new PolicyReader(task.memory);
    this.lifts = new LiftReader(task.memory);
    this.states = Array.from(task.memory.versions, () => ({ lastArrival: 0, busyUntil: 0 }));
    this.random = randomOf(task.seed);
    this.ring = task.capture && new CaptureRing(task.capture);
    this.polled = new Uint8Array(task.devices.length * 8);
    this.events = new DataView(this.polled.buffer);
    for (const [host, device] of task.devices.entries()) {
      this.events.setInt32(host * 8, device, true);
      this.events.setInt16(host * 8 + 4, POLLIN, true);
    }
  }

  /** Waits for packets, or until one that is under way arrives, and carries what there is. */
  turn(): void {
    const sleep = Math.max(0, Math.min(LONGEST_SLEEP, this.due.next - now()));
    new DataView(this.timeout.buffer).setBigInt64(8, BigInt(Math.ceil(sleep)), true);
    const ready = this.libc.ppoll(this.polled, this.task.devices.length, this.timeout, null);
    // Before packets are read that may already have been sent under the next policy.
    const lifted = this.lifts.lifted();
    if (lifted.length > 0) this.letGo(lifted);
    if (ready > 0) {
      for (let host = 0; host < this.task.devices.length; host++) {
        const happened = this.events.getInt16(host * 8 + 6, true);
        if ((happened & POLLIN) !== 0) this.readFrom(host);
        // A device that is gone is not asked again.
        else if (happened !== 0) this.events.setInt32(host * 8, -1, true);
      }
    }
    for (const time = now(); this.due.next <= time; ) {
      const { to, bytes } = this.due.take();
      this.write(to, bytes);
    }
  }

  /** What is held up on these links arrives at once. */
  private letGo(links: readonly number[]): void {
    const time = now();
    this.due.hasten(
      new Map(links.map((link) => [link, release(this.policies.policy(link), this.states[link]!, time)])),
    );
  }

  private readFrom(host: number): void {
    for (let i = 0; i < PACKETS_A_TURN; i++) {
      const length = this.libc.read(this.task.devices[host]!, this.buffer, LARGEST_PACKET);
      if (length <= 0) return;
      this.carry(host, this.buffer.subarray(0, length));
    }
  }

  /** The packet is only lent: whoever keeps it copies it. */
  private carry(from: number, packet: Uint8Array): void {
    if (!isIpv4(packet)) return;
    const to = this.hostOf.get(destination(packet));
    if (to === undefined) return;
    const { memory, addresses } = this.task;
    const link = from * addresses.length + to;
    const policy = this.policies.policy(link);
    const time = now();
    this.ring?.add((performance.timeOrigin + performance.now()) * 1e6, packet);
    memory.sent[link]!++;
    const at = arrival(policy, this.states[link]!, time, packet.length, this.random);
    if (at === LOST) {
      memory.lost[link]!++;
      if (policy.cut === 'reset') this.reset(from, to, packet);
      return;
    }
    const payload = payloadOf(packet);
    const flipped = corrupted(policy, payload, this.random);
    if (flipped !== payload) {
      payload.set(flipped);
      mendChecksum(packet);
    }
    if (at <= time) this.write(to, packet);
    else this.delay(link, at, to, packet);
    const again = secondArrival(policy, time, this.random);
    if (again !== LOST) this.delay(link, again, to, packet);
  }

  private delay(link: number, at: number, to: number, packet: Uint8Array): void {
    if (this.due.size < MOST_UNDER_WAY) this.due.add({ at, link, to, bytes: packet.slice() });
    else this.task.memory.lost[link]!++;
  }

  private reset(from: number, to: number, packet: Uint8Array): void {
    const both = resets(packet);
    if (both === null) return;
    this.write(from, both.toSender);
    if (both.toReceiver !== null) this.write(to, both.toReceiver);
  }

  private write(host: number, packet: Uint8Array): void {
    // A host that is going away refuses; its packets are lost then, as on any wire.
    this.libc.write(this.task.devices[host]!, packet, packet.length);
  }
}

/** True time, ns. */
function now(): number {
  return performance.now() * 1e6;
}
