import type { Bug } from '../../../world/system.ts';

/** The mistakes that can be switched on, each at the line where people make it. */
export const BUGS = {
  'vote-not-persisted': {
    about: 'term and vote live in memory only: a restarted node votes a second time in the same term',
    workload: 'register',
    nemeses: [
      'partition:interval=200ms,duration=400ms',
      'kill:targets=majority+all,interval=300ms,duration=100ms',
    ],
  },
  'log-not-fsynced': {
    about:
      'entries are acknowledged once written, not once synced: a power loss takes back what was promised',
    workload: 'register',
    nemeses: ['disk:kinds=lose-unsynced'],
  },
  'commit-earlier-term': {
    about:
      'a leader counts replicas to commit entries of earlier terms (figure 3.7), and so sees no need for a no-op',
    workload: 'register',
    nemeses: ['partition:kinds=leader,interval=10ms,duration=200ms'],
  },
  'stale-leader-read': {
    about: 'a leader answers reads at once, without asking a majority whether it still leads',
    workload: 'register',
    nemeses: ['partition'],
  },
  'no-up-to-date-check': {
    about: "votes go to any candidate, also to one whose log lacks the voter's committed entries",
    workload: 'register',
    nemeses: ['partition', 'kill'],
  },
  'truncate-committed': {
    about: 'a follower cuts its log after what an AppendEntries brings, even if that message is old',
    workload: 'register',
    nemeses: [
      'packet:kinds=reorder+duplicate,interval=100ms',
      'kill:targets=leader,interval=1s,duration=300ms',
    ],
  },
  'apply-before-commit': {
    about: 'a leader applies and answers what is in its own log, before a majority has it',
    workload: 'register',
    nemeses: ['partition'],
  },
  'snapshot-drops-dedupe': {
    about: 'snapshots lack the table of answered requests: a retried request takes effect twice',
    workload: 'append',
    nemeses: [
      'partition:kinds=one-way,interval=500ms,duration=1s',
      'kill:targets=majority+all,interval=1s,duration=1s',
    ],
  },
  'never-resends': {
    about:
      'a leader takes what it has sent for received: who missed an entry never gets it, nor any after it',
    workload: 'register',
    nemeses: ['packet:kinds=loss,targets=all'],
  },
  'two-membership-changes': {
    about: 'a leader changes the membership again before the previous change is committed',
    workload: 'register',
    nemeses: ['partition:kinds=halves+random-halves,duration=5s'],
  },
} as const satisfies Record<string, Bug>;

/** `--bug NAME`. */
export type BugName = keyof typeof BUGS;

/** Each bug, on or off: a record, since hot paths ask. */
export type Bugs = Readonly<Record<BugName, boolean>>;

/** Which of the bugs are on. */
export function switches(on: ReadonlySet<string>): Bugs {
  return Object.fromEntries(Object.keys(BUGS).map((name) => [name, on.has(name)])) as Bugs;
}
