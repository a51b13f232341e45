import { expect, test } from 'vitest';
import type { AnomalyKind } from '../../../checkers/transactions/anomalies.ts';
import { judge, type Line, planted } from './planted.ts';

interface Plant {
  readonly kind: AnomalyKind;
  readonly lines: readonly Line[];
  /** The lines that prove it. */
  readonly blamed: readonly number[];
  /** Parts of what must be said. */
  readonly says: readonly string[];
}

const LISTS: readonly Plant[] = [
  {
    kind: 'G0',
    lines: [
      [
        0,
        'invoke',
        [
          ['append', 'x', 1],
          ['append', 'y', 1],
        ],
      ],
      [
        1,
        'invoke',
        [
          ['append', 'x', 2],
          ['append', 'y', 2],
        ],
      ],
      [
        0,
        'ok',
        [
          ['append', 'x', 1],
          ['append', 'y', 1],
        ],
      ],
      [
        1,
        'ok',
        [
          ['append', 'x', 2],
          ['append', 'y', 2],
        ],
      ],
      [
        2,
        'invoke',
        [
          ['r', 'x', null],
          ['r', 'y', null],
        ],
      ],
      [
        2,
        'ok',
        [
          ['r', 'x', [1, 2]],
          ['r', 'y', [2, 1]],
        ],
      ],
    ],
    blamed: [2, 3, 5],
    says: ['read x = [1, 2]', 'read y = [2, 1]'],
  },
  {
    kind: 'G1a',
    lines: [
      [0, 'invoke', [['append', 'x', 1]]],
      [0, 'fail', [['append', 'x', 1]]],
      [1, 'invoke', [['r', 'x', null]]],
      [1, 'ok', [['r', 'x', [1]]]],
    ],
    blamed: [1, 3],
    says: ['read x = [1]', 'which failed'],
  },
  {
    kind: 'G1b',
    lines: [
      [
        0,
        'invoke',
        [
          ['append', 'x', 1],
          ['append', 'x', 2],
        ],
      ],
      [1, 'invoke', [['r', 'x', null]]],
      [1, 'ok', [['r', 'x', [1]]]],
      [
        0,
        'ok',
        [
          ['append', 'x', 1],
          ['append', 'x', 2],
        ],
      ],
    ],
    blamed: [2, 3],
    says: ['appended 1 and then 2 to x', 'from the middle'],
  },
  {
    kind: 'G1c',
    lines: [
      [
        0,
        'invoke',
        [
          ['append', 'x', 1],
          ['r', 'y', null],
        ],
      ],
      [
        1,
        'invoke',
        [
          ['append', 'y', 1],
          ['r', 'x', null],
        ],
      ],
      [
        0,
        'ok',
        [
          ['append', 'x', 1],
          ['r', 'y', [1]],
        ],
      ],
      [
        1,
        'ok',
        [
          ['append', 'y', 1],
          ['r', 'x', [1]],
        ],
      ],
    ],
    blamed: [2, 3],
    says: ['Information flows in a circle'],
  },
  {
    kind: 'G-single-item',
    lines: [
      [
        0,
        'invoke',
        [
          ['append', 'x', 1],
          ['append', 'y', 1],
        ],
      ],
      [
        1,
        'invoke',
        [
          ['r', 'x', null],
          ['r', 'y', null],
        ],
      ],
      [
        0,
        'ok',
        [
          ['append', 'x', 1],
          ['append', 'y', 1],
        ],
      ],
      [
        1,
        'ok',
        [
          ['r', 'x', []],
          ['r', 'y', [1]],
        ],
      ],
    ],
    blamed: [2, 3],
    says: ['read x = []', 'append of 1', 'read y = [1]'],
  },
  {
    kind: 'G-nonadjacent-item',
    lines: [
      [0, 'invoke', [['append', 'x', 1]]],
      [1, 'invoke', [['append', 'y', 1]]],
      [
        2,
        'invoke',
        [
          ['r', 'x', null],
          ['r', 'y', null],
        ],
      ],
      [
        3,
        'invoke',
        [
          ['r', 'x', null],
          ['r', 'y', null],
        ],
      ],
      [0, 'ok', [['append', 'x', 1]]],
      [1, 'ok', [['append', 'y', 1]]],
      [
        2,
        'ok',
        [
          ['r', 'x', [1]],
          ['r', 'y', []],
        ],
      ],
      [
        3,
        'ok',
        [
          ['r', 'x', []],
          ['r', 'y', [1]],
        ],
      ],
    ],
    blamed: [4, 5, 6, 7],
    says: ['A long fork'],
  },
  {
    kind: 'G2-item',
    lines: [
      [
        0,
        'invoke',
        [
          ['r', 'x', null],
          ['append', 'y', 1],
        ],
      ],
      [
        1,
        'invoke',
        [
          ['r', 'y', null],
          ['append', 'x', 1],
        ],
      ],
      [
        0,
        'ok',
        [
          ['r', 'x', []],
          ['append', 'y', 1],
        ],
      ],
      [
        1,
        'ok',
        [
          ['r', 'y', []],
          ['append', 'x', 1],
        ],
      ],
    ],
    blamed: [2, 3],
    says: ['Write skew'],
  },
  {
    kind: 'lost-update',
    lines: [
      [
        0,
        'invoke',
        [
          ['r', 'x', null],
          ['append', 'x', 1],
        ],
      ],
      [
        1,
        'invoke',
        [
          ['r', 'x', null],
          ['append', 'x', 2],
        ],
      ],
      [
        0,
        'ok',
        [
          ['r', 'x', []],
          ['append', 'x', 1],
        ],
      ],
      [
        1,
        'ok',
        [
          ['r', 'x', []],
          ['append', 'x', 2],
        ],
      ],
      [2, 'invoke', [['r', 'x', null]]],
      [2, 'ok', [['r', 'x', [1, 2]]]],
    ],
    blamed: [2, 3],
    says: ['without knowing of the other'],
  },
  {
    kind: 'internal',
    lines: [
      [
        0,
        'invoke',
        [
          ['append', 'x', 1],
          ['r', 'x', null],
        ],
      ],
      [
        0,
        'ok',
        [
          ['append', 'x', 1],
          ['r', 'x', []],
        ],
      ],
    ],
    blamed: [1],
    says: ['in the same transaction'],
  },
  {
    kind: 'internal',
    lines: [
      [
        0,
        'invoke',
        [
          ['append', 'x', 1],
          ['append', 'x', 2],
          ['append', 'x', 3],
        ],
      ],
      [
        0,
        'ok',
        [
          ['append', 'x', 1],
          ['append', 'x', 2],
          ['append', 'x', 3],
        ],
      ],
      [1, 'invoke', [['r', 'x', null]]],
      [1, 'ok', [['r', 'x', [1, 3]]]],
    ],
    blamed: [1, 3],
    says: ["that order isn't kept"],
  },
  {
    kind: 'dirty-update',
    lines: [
      [0, 'invoke', [['append', 'x', 1]]],
      [0, 'fail', [['append', 'x', 1]]],
      [1, 'invoke', [['append', 'x', 2]]],
      [1, 'ok', [['append', 'x', 2]]],
      [2, 'invoke', [['r', 'x', null]]],
      [2, 'ok', [['r', 'x', [1, 2]]]],
    ],
    blamed: [1, 3, 5],
    says: ['on top of'],
  },
  {
    kind: 'duplicate-elements',
    lines: [
      [0, 'invoke', [['append', 'x', 1]]],
      [0, 'ok', [['append', 'x', 1]]],
      [1, 'invoke', [['r', 'x', null]]],
      [1, 'ok', [['r', 'x', [1, 1]]]],
    ],
    blamed: [1, 3],
    says: ['stands twice'],
  },
  {
    kind: 'incompatible-order',
    lines: [
      [0, 'invoke', [['append', 'x', 1]]],
      [1, 'invoke', [['append', 'x', 2]]],
      [0, 'ok', [['append', 'x', 1]]],
      [1, 'ok', [['append', 'x', 2]]],
      [2, 'invoke', [['r', 'x', null]]],
      [2, 'ok', [['r', 'x', [1, 2]]]],
      [3, 'invoke', [['r', 'x', null]]],
      [3, 'ok', [['r', 'x', [2, 1]]]],
    ],
    blamed: [5, 7],
    says: ['neither is the beginning of the other'],
  },
  {
    kind: 'garbage-read',
    lines: [
      [0, 'invoke', [['r', 'x', null]]],
      [0, 'ok', [['r', 'x', [7]]]],
    ],
    blamed: [1],
    says: ['nobody ever appended 7 to x'],
  },
  {
    kind: 'future-read',
    lines: [
      [
        0,
        'invoke',
        [
          ['r', 'x', null],
          ['append', 'x', 1],
        ],
      ],
      [
        0,
        'ok',
        [
          ['r', 'x', [1]],
          ['append', 'x', 1],
        ],
      ],
    ],
    blamed: [1],
    says: ['only after that read'],
  },
  {
    kind: 'G-single-item-realtime',
    lines: [
      [
        0,
        'invoke',
        [
          ['append', 'x', 1],
          ['append', 'x', 2],
        ],
      ],
      [
        0,
        'ok',
        [
          ['append', 'x', 1],
          ['append', 'x', 2],
        ],
      ],
      [1, 'invoke', [['append', 'x', 7]]],
      [1, 'ok', [['append', 'x', 7]]],
      [2, 'invoke', [['r', 'x', null]]],
      [2, 'ok', [['r', 'x', [1, 2]]]],
    ],
    blamed: [3, 5],
    says: [
      'append of 7 to x was acknowledged at',
      'which began at',
      'read x = [1, 2] without it, and no read ever saw it',
    ],
  },
  {
    kind: 'G-single-item-process',
    lines: [
      [0, 'invoke', [['append', 'x', 1]]],
      [0, 'ok', [['append', 'x', 1]]],
      [0, 'invoke', [['r', 'x', null]]],
      [0, 'ok', [['r', 'x', []]]],
    ],
    blamed: [1, 3],
    says: ['of the same process 0', 'without it'],
  },
  {
    kind: 'G0-realtime',
    lines: [
      [0, 'invoke', [['append', 'x', 1]]],
      [0, 'ok', [['append', 'x', 1]]],
      [1, 'invoke', [['append', 'x', 2]]],
      [1, 'ok', [['append', 'x', 2]]],
      [2, 'invoke', [['r', 'x', null]]],
      [2, 'ok', [['r', 'x', [2, 1]]]],
    ],
    blamed: [1, 3, 5],
    says: ['it was acknowledged at'],
  },
];

const REGISTERS: readonly Plant[] = [
  {
    kind: 'G1a',
    lines: [
      [0, 'invoke', [['w', 'x', 1]]],
      [0, 'fail', [['w', 'x', 1]]],
      [1, 'invoke', [['r', 'x', null]]],
      [1, 'ok', [['r', 'x', 1]]],
    ],
    blamed: [1, 3],
    says: ['read x = 1', 'which failed'],
  },
  {
    kind: 'G1b',
    lines: [
      [
        0,
        'invoke',
        [
          ['w', 'x', 1],
          ['w', 'x', 2],
        ],
      ],
      [
        0,
        'ok',
        [
          ['w', 'x', 1],
          ['w', 'x', 2],
        ],
      ],
      [1, 'invoke', [['r', 'x', null]]],
      [1, 'ok', [['r', 'x', 1]]],
    ],
    blamed: [1, 3],
    says: ['wrote 1 and then 2 to x'],
  },
  {
    kind: 'G1c',
    lines: [
      [
        0,
        'invoke',
        [
          ['w', 'x', 1],
          ['r', 'y', null],
        ],
      ],
      [
        1,
        'invoke',
        [
          ['w', 'y', 1],
          ['r', 'x', null],
        ],
      ],
      [
        0,
        'ok',
        [
          ['w', 'x', 1],
          ['r', 'y', 1],
        ],
      ],
      [
        1,
        'ok',
        [
          ['w', 'y', 1],
          ['r', 'x', 1],
        ],
      ],
    ],
    blamed: [2, 3],
    says: ['Information flows in a circle'],
  },
  {
    kind: 'garbage-read',
    lines: [
      [0, 'invoke', [['r', 'x', null]]],
      [0, 'ok', [['r', 'x', 99]]],
    ],
    blamed: [1],
    says: ['nobody ever wrote 99 to x'],
  },
  {
    kind: 'future-read',
    lines: [
      [
        0,
        'invoke',
        [
          ['r', 'x', null],
          ['w', 'x', 1],
        ],
      ],
      [
        0,
        'ok',
        [
          ['r', 'x', 1],
          ['w', 'x', 1],
        ],
      ],
    ],
    blamed: [1],
    says: ['only after the read'],
  },
  {
    kind: 'internal',
    lines: [
      [
        0,
        'invoke',
        [
          ['w', 'x', 1],
          ['r', 'x', null],
        ],
      ],
      [
        0,
        'ok',
        [
          ['w', 'x', 1],
          ['r', 'x', null],
        ],
      ],
    ],
    blamed: [1],
    says: ['in the same transaction'],
  },
  {
    kind: 'lost-update',
    lines: [
      [
        0,
        'invoke',
        [
          ['r', 'x', null],
          ['w', 'x', 1],
        ],
      ],
      [
        1,
        'invoke',
        [
          ['r', 'x', null],
          ['w', 'x', 2],
        ],
      ],
      [
        0,
        'ok',
        [
          ['r', 'x', null],
          ['w', 'x', 1],
        ],
      ],
      [
        1,
        'ok',
        [
          ['r', 'x', null],
          ['w', 'x', 2],
        ],
      ],
    ],
    blamed: [2, 3],
    says: ['without knowing of the other'],
  },
  {
    kind: 'fractured-read',
    lines: [
      [0, 'invoke', [['w', 'x', 1]]],
      [0, 'ok', [['w', 'x', 1]]],
      [
        1,
        'invoke',
        [
          ['r', 'x', null],
          ['w', 'x', 2],
          ['w', 'y', 1],
        ],
      ],
      [
        1,
        'ok',
        [
          ['r', 'x', 1],
          ['w', 'x', 2],
          ['w', 'y', 1],
        ],
      ],
      [
        2,
        'invoke',
        [
          ['r', 'x', null],
          ['r', 'y', null],
        ],
      ],
      [
        2,
        'ok',
        [
          ['r', 'x', 1],
          ['r', 'y', 1],
        ],
      ],
    ],
    blamed: [1, 3, 5],
    says: ['seen in part', 'had thus seen'],
  },
  {
    kind: 'observed-transaction-vanishes',
    lines: [
      [
        0,
        'invoke',
        [
          ['w', 'x', 1],
          ['w', 'y', 1],
        ],
      ],
      [
        0,
        'ok',
        [
          ['w', 'x', 1],
          ['w', 'y', 1],
        ],
      ],
      [
        1,
        'invoke',
        [
          ['r', 'y', null],
          ['r', 'x', null],
        ],
      ],
      [
        1,
        'ok',
        [
          ['r', 'y', 1],
          ['r', 'x', null],
        ],
      ],
    ],
    blamed: [1, 3],
    says: ['then vanished'],
  },
  {
    kind: 'G-single-item-realtime',
    lines: [
      [0, 'invoke', [['w', 'x', 1]]],
      [0, 'ok', [['w', 'x', 1]]],
      [1, 'invoke', [['w', 'x', 2]]],
      [1, 'ok', [['w', 'x', 2]]],
      [2, 'invoke', [['r', 'x', null]]],
      [2, 'ok', [['r', 'x', 1]]],
    ],
    blamed: [1, 3, 5],
    says: ['write of 2 to x was acknowledged at', 'read x = 1, which is older'],
  },
  {
    kind: 'causality-violation-process',
    lines: [
      [0, 'invoke', [['w', 'x', 1]]],
      [0, 'ok', [['w', 'x', 1]]],
      [
        1,
        'invoke',
        [
          ['r', 'x', null],
          ['w', 'x', 2],
        ],
      ],
      [
        1,
        'ok',
        [
          ['r', 'x', 1],
          ['w', 'x', 2],
        ],
      ],
      [1, 'invoke', [['w', 'y', 1]]],
      [1, 'ok', [['w', 'y', 1]]],
      [
        2,
        'invoke',
        [
          ['r', 'y', null],
          ['w', 'z', 1],
        ],
      ],
      [
        2,
        'ok',
        [
          ['r', 'y', 1],
          ['w', 'z', 1],
        ],
      ],
      [
        3,
        'invoke',
        [
          ['r', 'z', null],
          ['r', 'x', null],
        ],
      ],
      [
        3,
        'ok',
        [
          ['r', 'z', 1],
          ['r', 'x', 1],
        ],
      ],
    ],
    blamed: [1, 3, 5, 7, 9],
    says: ['Cause and effect in the wrong order'],
  },
];

for (const [workload, plants] of [
  ['append', LISTS],
  ['w', REGISTERS],
] as const) {
  for (const { kind, lines, blamed, says } of plants) {
    for (const around of [40, 300]) {
      test(`${kind} planted in a right history of ${workload} with ${2 * around} more transactions is blamed on the right operations`, () => {
        const { events, at } = planted(workload, lines, around);
        const { valid, anomalies } = judge(events);
        expect(valid).toBe(false);
        const found = anomalies.filter((anomaly) => anomaly.kind === kind);
        expect(found.map(({ ops }) => ops)).toContainEqual(blamed.map(at));
        const { message } = found.find(({ ops }) => ops.join() === blamed.map(at).join())!;
        for (const words of says) expect(message).toContain(words);
        expect(message).toContain(`T${at(blamed[0]!)}`);
        for (const { ops } of anomalies)
          for (const op of ops) {
            expect(op).toBeGreaterThanOrEqual(at(0));
            expect(op).toBeLessThan(at(lines.length));
          }
      });
    }
  }
}

test.each(['append', 'w'] as const)('the right history of %s itself is right', (workload) => {
  const { events } = planted(workload, []);
  expect(judge(events)).toMatchObject({ valid: true, anomalies: [] });
});
