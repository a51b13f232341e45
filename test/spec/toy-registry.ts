import type { Nemesis } from '../../nemeses/nemesis.ts';
import type { Generator } from '../../src/generator/generator.ts';
import type { Registry } from '../../src/spec/registry.ts';
import type { System } from '../../src/world/system.ts';
import { BENIGN } from '../../src/world/system-model.ts';
import { UsageError } from '../../src/world/usage-error.ts';
import type { Workload } from '../../workloads/workload.ts';

const NOTHING: Generator = { next: () => 'done' };

const echo: System = {
  name: 'echo',
  about: 'says what it hears',
  lecture: 'models',
  how: [],
  sources: [],
  assumes: { network: 'fair-loss', nodes: 'crash-stop', timing: 'synchronous' },
  guarantees: { safety: ['linearizable'], liveness: [] },
  bugs: { deaf: { about: 'hears nothing', workload: 'whisper', nemeses: ['noise:loud=true', 'nap'] } },
  serves: { talk: ['say'], whisper: ['say'] },
  parameters: {
    delay: { type: 'duration', default: 1_000_000, about: 'before it answers' },
    words: { type: 'integer', default: 3, min: 1, about: 'at a time' },
  },
  deploy({ parameters }) {
    if (parameters.words === 13) throw new UsageError('echo: words=13 brings bad luck');
    return { program: () => ({ onMessage() {} }), client: () => never() };
  },
};

/** Of node programs, like echo, for which a message may be late but is never lost. */
const patient: System = {
  ...echo,
  name: 'patient',
  assumes: { network: 'reliable', nodes: 'crash-stop', timing: 'asynchronous' },
};

/** Two or three nodes of a real server, in a world of its own. */
const server: System = {
  ...echo,
  name: 'server',
  worlds: ['linux'],
  promises: ({ words }) => (words === 1 ? ['linearizable'] : []),
  deploy: () => ({
    requires: [],
    nodes: { default: 2, min: 2, max: 3 },
    defaults: { settle: 3_000_000_000 },
    startsWithin: 1,
    processes: () => [],
    ready: async () => true,
    newClient: () => never(),
  }),
};

function workload(name: string): Workload {
  return {
    name,
    about: name,
    parameters: { share: { type: 'probability', default: 0.5, about: 'of nothing' } },
    generator: () => NOTHING,
    finale: () => NOTHING,
    checkers: () => [],
  };
}

const noise: Nemesis = {
  name: 'noise',
  about: 'drowns messages',
  parameters: { loud: { type: 'boolean', default: false, about: 'very' } },
  permits: ({ loud }) => ({ ...BENIGN, network: loud ? 'arbitrary' : 'fair-loss' }),
  uses: () => new Set(['network/shape']),
  generator: ({ nodes }) => {
    if (nodes.length < 2) throw new UsageError('nemesis noise: needs at least 2 nodes');
    return NOTHING;
  },
};

/** Adapts to the model, so it needs nothing in particular. */
const swarm: Nemesis = { ...noise, name: 'swarm', parameters: {}, permits: () => BENIGN };
const nap: Nemesis = { ...swarm, name: 'nap', permits: () => ({ ...BENIGN, timing: 'asynchronous' }) };

/** A registry in which nothing works, but everything has a name. */
export const toyRegistry: Registry = {
  systems: { echo, server, patient },
  workloads: { talk: workload('talk'), whisper: workload('whisper'), sing: workload('sing') },
  nemeses: { noise, swarm, nap },
};

function never(): never {
  throw new Error('nobody calls this');
}
