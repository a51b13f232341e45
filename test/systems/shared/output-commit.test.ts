import { expect, test } from 'vitest';
import { programDisk } from '../../../src/sim/disk.ts';
import { OutputCommit } from '../../../src/systems/sim/shared/output-commit.ts';
import { readRecords } from '../../../src/systems/sim/shared/record-file.ts';
import { DiskError, type NodeContext, type NodeProgram } from '../../../src/world/node-program.ts';
import { NodeBench } from '../node-bench.ts';

type Message = string;

/** Writes down what it is asked to, then tells its peer, itself and the client. */
class Scribe implements NodeProgram<Message, number> {
  readonly toldItself: Message[] = [];
  private readonly output: OutputCommit<Message>;

  constructor(context: NodeContext<Message>) {
    this.output = new OutputCommit(context, 'file', (message) => this.toldItself.push(message));
    this.output.restart(readRecords(context.disk, 'file'));
  }

  onRequest(request: { client: string; id: number }, query: number): void {
    if (query > 0) this.output.record({ query });
    this.output.send('n1', `itself ${query}`);
    this.output.send('n2', `peer ${query}`);
    this.output.reply(request, query);
  }

  onMessage(): void {}

  onSynced(_tag: string, error?: DiskError): void {
    this.output.onSynced(error);
  }
}

function scribe() {
  const bench = new NodeBench<Message, number>((context) => new Scribe(context));
  return { bench, told: () => (bench.program as Scribe).toldItself };
}

test('nothing leaves before what was written up to then is safe', () => {
  const { bench, told } = scribe();
  bench.ask(1);
  expect([bench.take(), bench.takeAnswers(), told()]).toEqual([[], [], []]);
  bench.sync();
  expect(bench.take()).toEqual([{ to: 'n2', message: 'peer 1' }]);
  expect(bench.takeAnswers()).toEqual([1]);
  expect(told()).toEqual(['itself 1']);
});

test('where nothing new was written, all leaves at once', () => {
  const { bench } = scribe();
  bench.ask(1);
  bench.sync();
  bench.take();
  bench.ask(0);
  expect(bench.take()).toEqual([{ to: 'n2', message: 'peer 0' }]);
});

test('what is written during a sync waits for the next one, and the order stays', () => {
  const { bench, told } = scribe();
  bench.ask(1);
  bench.ask(2);
  bench.ask(0);
  bench.sync();
  expect(bench.take().map(({ message }) => message)).toEqual(['peer 1', 'peer 2', 'peer 0']);
  expect(told()).toEqual(['itself 1', 'itself 2', 'itself 0']);
});

test('what was said is there after a power loss', () => {
  const { bench } = scribe();
  bench.ask(1);
  bench.sync();
  bench.ask(2);
  bench.losePowerAndRestart();
  expect(
    readRecords(
      programDisk(bench.disk, () => {}),
      'file',
    ),
  ).toEqual([{ query: 1 }]);
});

test('after a restart nothing leaves before what was read is safe', () => {
  const { bench } = scribe();
  bench.ask(1);
  bench.start();
  bench.ask(0);
  expect(bench.take()).toEqual([]);
  bench.sync();
  bench.losePowerAndRestart();
  expect(
    readRecords(
      programDisk(bench.disk, () => {}),
      'file',
    ),
  ).toEqual([{ query: 1 }]);
});

test('a failed sync ends the process', () => {
  const { bench } = scribe();
  bench.ask(1);
  expect(() => bench.program.onSynced?.('any', new DiskError('EIO', 'sync failed'))).toThrow('EIO');
});
