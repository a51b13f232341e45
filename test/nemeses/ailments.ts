import { cutLinks } from '../../nemeses/grudges.ts';
import type { Fault } from '../../src/faults/fault.ts';
import type { TimedFault } from './schedule.ts';

/** What is still wrong with the world after some faults: one line for each thing that needs repair. */
export class Ailments {
  readonly open = new Set<string>();

  apply(fault: Fault): void {
    for (const ailment of harmOf(fault)) this.open.add(ailment);
    for (const ailment of this.open) if (repairs(fault, ailment)) this.open.delete(ailment);
  }
}

/** Stretches of time without any ailment, between the first fault and the last. */
export function healthySpells(faults: readonly TimedFault[]): { from: number; until: number }[] {
  const ailments = new Ailments();
  const spells: { from: number; until: number }[] = [];
  let healthySince: number | null = null;
  for (const { time, fault } of faults) {
    if (healthySince !== null && time > healthySince) spells.push({ from: healthySince, until: time });
    ailments.apply(fault);
    healthySince = ailments.open.size === 0 ? time : null;
  }
  return spells;
}

function harmOf(fault: Fault): string[] {
  switch (fault.kind) {
    case 'network/cut':
      return cutLinks(fault.grudge).map(([from, to]) => `cut ${from}>${to}`);
    case 'network/shape':
      return fault.links.map(([from, to]) => `shape ${from}>${to}`);
    case 'clock/step':
    case 'clock/drift':
    case 'clock/strobe':
      return [`clock ${fault.node}`];
    case 'process/kill':
      return fault.forever === true ? [] : [`dead ${fault.node}`];
    case 'disk/lose-unsynced':
      return [`dead ${fault.node}`];
    case 'process/pause':
      return [`paused ${fault.node}`];
    case 'process/lie':
      return [`lying ${fault.node}`];
    case 'disk/eio':
    case 'disk/enospc':
    case 'disk/slow':
      return [`disk ${fault.node}`];
    default:
      return [];
  }
}

function repairs(fault: Fault, ailment: string): boolean {
  switch (fault.kind) {
    case 'network/heal':
      return fault.grudge === undefined
        ? ailment.startsWith('cut')
        : cutLinks(fault.grudge).some(([from, to]) => ailment === `cut ${from}>${to}`);
    case 'network/unshape':
      return fault.links === undefined
        ? ailment.startsWith('shape')
        : fault.links.some(([from, to]) => ailment === `shape ${from}>${to}`);
    case 'clock/reset':
      return ailment === `clock ${fault.node}`;
    case 'process/start':
      return ailment === `dead ${fault.node}`;
    case 'process/resume':
    case 'process/kill':
    case 'disk/lose-unsynced':
      return ailment === `paused ${fault.node}`;
    case 'process/honest':
      return ailment === `lying ${fault.node}`;
    case 'disk/heal':
      return ailment === `disk ${fault.node}`;
    default:
      return false;
  }
}
