import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { beforeAll, expect, test } from 'vitest';
import { temporaryFolder } from '../histories/temporary.ts';
import { ROOT } from '../source-files.ts';
import { build } from './compiled.ts';
import { momus } from './momus.ts';

const temporary = temporaryFolder();

/** A user's system: each node keeps registers, and clients ask the node that `ask` names. */
const systemThatAsks = (ask: string) => `
class Node {
  constructor(context) { this.context = context; this.values = {}; }
  onMessage() {}
  onRequest(request, { f, key, value }) {
    if (f === 'write') this.values[key] = value;
    this.context.reply(request, this.values[key] ?? null);
  }
}
const client = (context) => {
  const { nodes } = context;
  let mine;
  return {
    open: async (node) => { mine = node; },
    invoke: async ({ f, key, value }) => ({ type: 'ok', value: await context.request(${ask}, { f, key, value }) }),
    close: async () => {},
  };
};
export const system = {
  name: 'my-register',
  about: 'registers on the first node',
  worlds: ['sim'],
  assumes: { network: 'reliable', nodes: 'crash-stop', timing: 'synchronous' },
  guarantees: { safety: ['linearizable'], liveness: [] },
  serves: { register: ['read', 'write'] },
  deploy: () => ({ program: (context) => new Node(context), client }),
};
`;

const SPEC = 'system: ./my-system.mjs\nnemeses: []\ntimeLimit: 2s\nsettle: 1s\nseed: 1\n';

/** Processes of their own take their time on a busy machine (ms). */
const SLOW = 120_000;

beforeAll(build, SLOW);

test(
  'git bisect run finds the commit that brought the bug in, and skips one that does not load',
  async () => {
    const repository = temporary('repository');
    mkdirSync(repository);
    const git = async (...args: readonly string[]) => {
      const identity = [
        '-c',
        'user.name=Test',
        '-c',
        'user.email=test@localhost',
        '-c',
        'commit.gpgsign=false',
      ];
      return (await execa('git', [...identity, ...args], { cwd: repository, all: true })).all;
    };
    const commit = async (message: string, source: string) => {
      writeFileSync(join(repository, 'my-system.mjs'), source);
      await git('add', '.');
      await git('commit', '-q', '-m', message);
      return git('rev-parse', 'HEAD');
    };
    await git('init', '-q');
    writeFileSync(join(repository, 'spec.yaml'), SPEC);
    const good = await commit('one node answers', systemThatAsks('nodes[0]'));
    await commit('does not parse', `${systemThatAsks('nodes[0]')}}`);
    const documented = await commit('documented', `// Answers from n1.\n${systemThatAsks('nodes[0]')}`);
    const culprit = await commit('reads are local, which is faster', systemThatAsks('mine'));
    await commit('documented again', `// Answers at once.\n${systemThatAsks('mine')}`);
    const bisected = async (from: string, ...flags: readonly string[]) => {
      await git('bisect', 'start', 'HEAD', from);
      const main = join(ROOT, 'dist/src/cli/main.js');
      const said = await git('bisect', 'run', process.execPath, main, 'replay', 'spec.yaml', ...flags);
      await git('bisect', 'reset');
      return said;
    };
    expect(await bisected(good, '--bisect')).toContain(`${culprit} is the first bad commit`);
    // Where every commit has a verdict, plain replay will do.
    expect(await bisected(documented)).toContain(`${culprit} is the first bad commit`);
  },
  SLOW,
);

test('what says neither yes nor no of a commit has exit code 125', async () => {
  const [crashing, missing] = [temporary('crashing.mjs'), temporary('missing.yaml')];
  writeFileSync(
    crashing,
    systemThatAsks('nodes[0]').replace('this.context = context;', 'throw new Error("boom");'),
  );
  const spec = temporary('crashing.yaml');
  writeFileSync(spec, SPEC.replace('./my-system.mjs', crashing));
  expect(await momus('replay', spec, '--bisect')).toMatchObject({ code: 125 });
  expect(await momus('replay', missing, '--bisect')).toMatchObject({ code: 125 });
});
