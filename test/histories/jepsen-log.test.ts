import { expect, test } from 'vitest';
import { JepsenLogDecoder } from '../../histories/jepsen-log.ts';

function decode(text: string) {
  const decoder = new JepsenLogDecoder('jepsen.log');
  for (let i = 0; i < text.length; i += 11) decoder.push(text.slice(i, i + 11));
  return decoder.end();
}

test('operations of an old log are read; a time-out keeps the value that was tried', () => {
  const { history } = decode(
    [
      'INFO  jepsen.core - Worker 0 starting',
      'INFO  jepsen.util - 0\t:invoke\t:cas\t[1 4]',
      'INFO  jepsen.util - 1   :invoke :read   nil',
      'INFO  jepsen.util - :nemesis\t:info\t:start\tnil',
      'INFO  jepsen.util - :nemesis\t:info\t:start\t"Cut off {:n1 #{:n2}}"',
      'INFO  jepsen.util - 0\t:info\t:cas\t:timed-out',
      'INFO  jepsen.util - 1\t:fail\t:read\t:timed-out',
    ].join('\n'),
  );
  expect(Array.from(history, ({ index: _i, time: _t, ...op }) => op)).toEqual([
    { process: 0, type: 'invoke', f: 'cas', value: [1, 4] },
    { process: 1, type: 'invoke', f: 'read', value: null },
    { process: 'nemesis', type: 'invoke', f: 'start', value: null },
    { process: 'nemesis', type: 'info', f: 'start', value: 'Cut off {:n1 #{:n2}}' },
    { process: 0, type: 'info', f: 'cas', value: [1, 4], error: 'timed-out' },
    { process: 1, type: 'fail', f: 'read', value: null, error: 'timed-out' },
  ]);
  expect([...history.pair]).toEqual([4, 5, 3, 2, 0, 1]);
});

test('operations of a later log are read, with their errors', () => {
  const { history } = decode(
    '2020-05-11 11:04:50,372{GMT}\tINFO\t[jepsen worker 3] jepsen.util: 3\t:invoke\t:write\t4\n' +
      '2020-05-11 11:04:50,372{GMT}\tINFO\t[jepsen worker 3] jepsen.util: 3\t:info\t:write\t4\t:timeout\r\n',
  );
  expect(history.op(1)).toMatchObject({ process: 3, type: 'info', f: 'write', value: 4, error: 'timeout' });
});

test('a value that can not be read is an error with its line; a log without operations is told', () => {
  expect(() => decode('x\nINFO  jepsen.util - 0\t:ok\t:read\t[1\n')).toThrow(
    "jepsen.log:2: can't read the operation's value: it ends too early",
  );
  expect(() => decode('INFO  jepsen.core - bye\n')).toThrow(/jepsen\.log: no line tells an operation/);
});
