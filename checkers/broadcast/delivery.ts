import { describeOp, formatValue, list } from '../describe.ts';
import { placeOf } from '../final-reads.ts';
import { type Message, type NodeLog, type Run, seeLogs } from './logs.ts';
import type { Report } from './report.ts';

/** *self-delivery*: a node acknowledged a broadcast and never delivered the message itself. */
export function checkSelfDelivery(run: Run, report: Report): void {
  const { history } = run;
  for (const { request, message, log } of promises(run)) {
    if (log.deliveredAt.has(message)) continue;
    report(
      'self-delivery',
      [request, log.read],
      () =>
        `${describeOp(history, request.event)} was acknowledged, but in the end ${log.node} itself has not delivered ` +
        `${formatValue(request.argument)}: ${seeLogs(history, log)}.`,
    );
  }
}

/** *delivery*: a node acknowledged a broadcast and was there to the end, and another, there too, never delivered the message. */
export function checkDelivery(run: Run, report: Report): void {
  const { history, logs } = run;
  const finals = logs.filter(({ final }) => final);
  for (const { request, message, log } of promises(run)) {
    const without = finals.filter((other) => other !== log && !other.deliveredAt.has(message));
    if (without.length === 0) continue;
    const lacking = without[0]!;
    report(
      'delivery',
      [request, lacking.read],
      () =>
        `${describeOp(history, request.event)} was acknowledged and ${log.node} was there to the end, but ` +
        `${list(without.map(({ node }) => node))} never delivered ${formatValue(request.argument)}: ` +
        `${seeLogs(history, lacking)}.`,
    );
  }
}

/** Every acknowledged broadcast of a node that was there to the end, and its final log. */
function* promises({ requests, messageOf, logs }: Run) {
  const finals = new Map(logs.filter(({ final }) => final).map((log) => [log.node, log]));
  for (const request of requests) {
    const log = request.outcome === 'ok' ? finals.get(placeOf(request)) : undefined;
    if (log !== undefined) yield { request, message: messageOf(request.argument), log };
  }
}

/** *duplication*: a node delivered a message twice. */
export function checkDuplication({ history, logs }: Run, report: Report): void {
  for (const log of logs)
    for (const [message, times] of log.repeated)
      report('duplication', [log.read], () => {
        const often = times === 2 ? 'twice' : `${times} times`;
        return `${log.node} delivered ${formatValue(message.value)} ${often}: ${seeLogs(history, log)}.`;
      });
}

/** *creation*: a node delivered what nobody had broadcast by then. */
export function checkCreation({ history, logs }: Run, report: Report): void {
  for (const log of logs) {
    for (const message of log.deliveredAt.keys()) {
      const { request } = message;
      if (request === undefined || request.begin > log.read.end)
        reportCreated({ history }, log, message, report);
    }
    for (const message of log.premature)
      report(
        'creation',
        [log.read],
        () =>
          `${log.node} delivered ${formatValue(message.value)} before it broadcast that message itself: ` +
          `${seeLogs(history, log)}.`,
      );
  }
}

function reportCreated(
  { history }: Pick<Run, 'history'>,
  log: NodeLog,
  { value, request, failed }: Message,
  report: Report,
): void {
  const rival = request ?? failed;
  const sight = () => `${log.node} delivered ${formatValue(value)}, but`;
  const where = () => seeLogs(history, log);
  if (rival === undefined) {
    report('creation', [log.read], () => `${sight()} nobody ever broadcast it: ${where()}.`);
    return;
  }
  const why = rival === failed ? 'surely had no effect' : 'began only later';
  report(
    'creation',
    [rival, log.read],
    () => `${sight()} ${describeOp(history, rival.event)} ${why}: ${where()}.`,
  );
}

/** *delivery-agreement*: one node delivered a message and another, which was there to the end, never did. */
export function checkDeliveryAgreement({ history, logs }: Run, report: Report): void {
  const finals = logs.filter(({ final }) => final);
  const reported = new Set<Message>();
  for (const log of finals) {
    for (const message of log.deliveredAt.keys()) {
      if (reported.has(message)) continue;
      const without = finals.filter(({ deliveredAt }) => !deliveredAt.has(message));
      if (without.length === 0) continue;
      reported.add(message);
      const lacking = without[0]!;
      report(
        'delivery-agreement',
        [log.read, lacking.read],
        () =>
          `${log.node} delivered ${formatValue(message.value)} and ${list(without.map(({ node }) => node))} never did: ` +
          `${seeLogs(history, log, lacking)}.`,
      );
    }
  }
}
