import { GUARANTEES } from '../../world/guarantee.ts';
import { LIVENESS, promisesInTime } from '../../world/liveness.ts';
import { formatDuration } from '../../world/nanos.ts';
import { formatDefault, type Parameters } from '../../world/parameters.ts';
import type { Bug, System } from '../../world/system.ts';
import { MODEL_TERMS } from '../../world/system-model.ts';
import type { Block, Explanation, Section } from './explanation.ts';

/** What a system is, how it works, what it promises within which world, and how it can be broken. */
export function explainSystem(system: System): Explanation {
  const {
    name,
    about,
    lecture,
    how,
    sources,
    assumes,
    guarantees,
    bugs,
    serves,
    parameters,
    tries = [],
  } = system;
  const bugNames = Object.keys(bugs);
  return {
    name,
    kind: `system, lecture: ${lecture}`,
    about,
    sections: [
      { heading: 'How it works', blocks: how.map((text) => ({ text })) },
      {
        heading: 'What it assumes',
        blocks: [
          {
            terms: [
              [`network ${assumes.network}`, MODEL_TERMS[assumes.network]],
              [`nodes ${assumes.nodes}`, MODEL_TERMS[assumes.nodes]],
              [`timing ${assumes.timing}`, MODEL_TERMS[assumes.timing]],
            ],
          },
        ],
      },
      {
        heading: 'What it guarantees then',
        blocks: [
          { terms: guarantees.safety.map((safety) => [safety, GUARANTEES[safety]] as const) },
          ...inTime(guarantees.liveness),
        ],
      },
      ...mistakes(bugs),
      ...settings(parameters),
      {
        heading: 'Commands',
        blocks: [
          {
            commands: [
              [`momus test ${name} --runs 20`, 'the right one, under a swarm of faults'],
              ...Object.keys(serves)
                .slice(1)
                .map(
                  (workload) =>
                    [`momus test ${name} --workload ${workload}`, `with workload ${workload}`] as const,
                ),
              ...bugNames
                .slice(0, 1)
                .map((bug) => [`momus test ${name} --bug ${bug} --runs 20`, 'with a mistake'] as const),
              ...tries.map(([flags, shows]) => [`momus test ${name} ${flags}`, shows] as const),
            ],
          },
        ],
      },
      { heading: 'Read', blocks: [{ items: sources }] },
    ],
  };
}

/** What it promises to do in time, with the bounds. */
function inTime(liveness: System['guarantees']['liveness']): Block[] {
  const terms = promisesInTime(liveness).map(({ property, within, given, tolerates }) => {
    const bound = within === 0 ? '' : ` (within ${formatDuration(within)})`;
    const unless = tolerates === undefined ? '' : `, and ${mayBeGone(tolerates)} crashed for good`;
    return [property, `${LIVENESS[property].about}${bound}; while ${given}${unless}`] as const;
  });
  const sentences = liveness.filter((promise) => typeof promise === 'string');
  return [
    ...(liveness.length === 0 ? [] : [{ text: 'And in time:' }]),
    ...(terms.length === 0 ? [] : [{ terms }]),
    ...sentences.map((text) => ({ text: `${text}.` })),
  ];
}

function mayBeGone(tolerates: number): string {
  if (tolerates === 0) return 'none has';
  return `no more than ${tolerates} of the nodes ${tolerates === 1 ? 'has' : 'have'}`;
}

/** A mistake: what it is, and how it comes to light. */
export function explainBug(system: System, bug: string): Explanation {
  const { about, workload, nemeses } = system.bugs[bug]!;
  return {
    name: bug,
    kind: `bug of ${system.name}`,
    about,
    sections: [
      {
        heading: 'The system',
        blocks: [{ terms: [[system.name, system.about]] }],
      },
      {
        heading: 'How it shows',
        blocks: [{ text: `Workload ${workload}, under:` }, { items: nemeses }],
      },
      {
        heading: 'Commands',
        blocks: [
          {
            commands: [
              [`momus test ${system.name} --bug ${bug} --runs 20`, 'until it shows'],
              [`momus explain ${system.name}`, 'how it works when it is right'],
            ],
          },
        ],
      },
    ],
  };
}

function mistakes(bugs: Readonly<Record<string, Bug>>): Section[] {
  const terms = Object.entries(bugs).map(([name, { about }]) => [name, about] as const);
  return terms.length === 0 ? [] : [{ heading: 'Mistakes that can be switched on', blocks: [{ terms }] }];
}

function settings(parameters: Parameters): Section[] {
  const terms = Object.entries(parameters).map(
    ([name, parameter]) => [`${name}=${formatDefault(parameter)}`, parameter.about] as const,
  );
  return terms.length === 0 ? [] : [{ heading: 'Parameters', blocks: [{ terms }] }];
}
