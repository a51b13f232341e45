import type { History } from '../histories/history.ts';
import type { Key, Nanos } from '../histories/op.ts';
import type { Checker, Verdict } from './checker.ts';
import { AT_ONCE, type Deadline, tooEarly } from './deadline.ts';
import { describeOp, formatTime, formatValue, list, ofKey } from './describe.ts';
import { goneForGood } from './faulty-nodes.ts';
import { type FinalReads, finalReadsOf, type Healing, healingOf, placeOf } from './final-reads.ts';
import { Findings } from './findings.ts';
import { identity } from './identity.ts';
import { malformed } from './malformed.ts';
import { byKey, groupBy, type Operation, operationsOf } from './operations.ts';
import { type CausalStep, overwrittenBy, written } from './overwritten.ts';

/**
 * Eventual consistency of keyed registers (last writer wins) and sets. Operations: `write` (value; unique), `cas`
 * (value: `[old, new]`), `delete` (a write of null) and `read` (completion value: the value, null at first) for registers; `add` (value: the element)
 * and `read` (completion value: the array of elements) for sets; the key says which object.
 *
 * Once the nemesis has healed everything (function `heal`) and the last update has its answer, the last read from each
 * node must agree (*unconverged*); the value must have been written (*thin-air*); a value must be there, and each
 * acknowledged element, if any update was acknowledged (*missing*); and the write that won must not be causally before
 * an acknowledged one (*lost-update*). The time from the healing to the moment after which all reads agree is reported.
 */
export function convergence(deadline: Deadline = AT_ONCE): Checker {
  return {
    name: 'convergence',
    about: 'eventual consistency: final reads agree on every node and no acknowledged update is lost',
    check: (history) => checkConvergence(history, deadline),
  };
}

const FUNCTIONS = new Set(['read', 'write', 'cas', 'delete', 'add']);

/** One object and what is known about its end. */
interface Subject {
  readonly history: History;
  readonly findings: Findings;
  readonly key: Key | undefined;
  readonly ops: readonly Operation[];
  readonly finals: FinalReads;
}

function checkConvergence(history: History, deadline: Deadline): Verdict {
  const findings = new Findings(history);
  const healing = healingOf(history);
  const operations = operationsOf(history).filter((op) => FUNCTIONS.has(op.f));
  const nodes = new Set(operations.map(placeOf));
  const answered = new Set<string>();
  const counts = { keys: 0, keysRead: 0, finalReads: 0 };
  let slowest = 0;
  let early = 0;
  for (const [key, ops] of byKey(operations)) {
    const isSet = ops.some((op) => op.f === 'add');
    const finals = finalReadsOf(history, ops, healing, deadline.within);
    if (finals.all.length === 0 && !healing.faulty) early += finals.early;
    const subject = { history, findings, key, ops, finals: healing.faulty ? NO_READS : finals };
    counts.keys++;
    counts.finalReads += subject.finals.all.length;
    if (subject.finals.all.length > 0) counts.keysRead++;
    for (const node of subject.finals.byNode.keys()) answered.add(node);
    const content = isSet ? setContent(history) : registerContent;
    reportThinAir(subject, isSet);
    if (isSet) reportMissingElements(subject);
    else reportRegister(subject);
    if (agree(subject, content, isSet)) {
      slowest = Math.max(slowest, convergenceTime(history, subject.finals, healing, content));
    }
  }
  const converged = findings.total('unconverged') === 0 && counts.finalReads > 0;
  const gone = goneForGood(history);
  const silent = [...nodes].filter((node) => !answered.has(node) && !gone.has(node)).sort();
  const details = {
    healedAt: healing.time ?? null,
    convergenceTime: converged ? slowest : null,
    silentNodes: silent,
  };
  const vacuous =
    early > 0 ? tooEarly(early, deadline, 'final read') : whyVacuous(healing, counts, answered.size, silent);
  return findings.verdict('convergence', { counts, vacuous, details });
}

const NO_READS: FinalReads = { all: [], byNode: new Map(), after: Number.POSITIVE_INFINITY, early: 0 };

function whyVacuous(
  healing: Healing,
  counts: { keys: number; keysRead: number },
  answered: number,
  silent: readonly string[],
): string[] {
  if (healing.faulty) return ['faults were injected and never healed, so nothing had to converge'];
  if (counts.keysRead === 0) return ['no final read: none succeeded after the healing and the last update'];
  const out: string[] = [];
  if (counts.keysRead < counts.keys)
    out.push(`no final read of ${counts.keys - counts.keysRead} of ${counts.keys} keys`);
  if (answered === 1) out.push('final reads from one node only');
  if (silent.length > 0) out.push(`no final read from ${list(silent)}`);
  return out;
}

/** Compares as equal what a read of an object may show equally. */
type Content = (read: Operation) => unknown;

const registerContent: Content = (read) => identity(read.result);

function setContent(history: History): Content {
  return (read) => {
    const ids = elementsOf(history, read).map((element) => JSON.stringify(element));
    return [...new Set(ids)].sort().join();
  };
}

function elementsOf(history: History, read: Operation): readonly unknown[] {
  const value = read.result ?? [];
  if (!Array.isArray(value)) throw malformed(history, read.event, 'an array of elements');
  return value;
}

/** Whether the last reads from all nodes agree; reports a divergence if not. */
function agree({ history, findings, key, finals }: Subject, content: Content, isSet: boolean): boolean {
  const groups = [...groupBy(finals.byNode.values(), content).values()].sort((a, b) => b.length - a.length);
  const [most, fewer] = groups;
  if (most === undefined) return false;
  if (fewer === undefined) return true;
  const say = () => {
    const answers = groups.map((reads) => {
      const shown = isSet
        ? `${elementsOf(history, reads[0]!).length} elements`
        : formatValue(reads[0]!.result);
      return `${list(reads.map(placeOf))} ${reads.length === 1 ? 'answers' : 'answer'} ${shown}`;
    });
    const difference = isSet ? `; ${oneDifference(history, most[0]!, fewer[0]!)}` : '';
    return (
      `After the last update and every fault were over, the nodes do not agree on the value${ofKey(key)}: ` +
      `${list(answers)}${difference}. See ${describeOp(history, most[0]!.event)} and ${describeOp(history, fewer[0]!.event)}.`
    );
  };
  findings.add('unconverged', [most[0]!.event, fewer[0]!.event], say, key);
  return false;
}

function oneDifference(history: History, a: Operation, b: Operation): string {
  for (const [has, lacks] of [
    [a, b],
    [b, a],
  ] as const) {
    const known = new Set(elementsOf(history, lacks).map(identity));
    const extra = elementsOf(history, has).find((element) => !known.has(identity(element)));
    if (extra !== undefined)
      return `${placeOf(has)} holds ${formatValue(extra)}, which ${placeOf(lacks)} lacks`;
  }
  return 'they differ';
}

/** From the healing (or the last update, without faults) to the end of the last final read that showed something else. */
function convergenceTime(history: History, finals: FinalReads, healing: Healing, content: Content): Nanos {
  const last = finals.all[finals.all.length - 1]!;
  const agreed = content(last);
  const from = healing.time ?? (finals.after < 0 ? 0 : history.time[finals.after]!);
  let time = 0;
  for (const read of finals.all) if (content(read) !== agreed) time = Math.max(time, read.endTime - from);
  return time;
}

/** Reports each value that a read showed though no update can have put it there. */
function reportThinAir({ history, findings, key, ops }: Subject, isSet: boolean): void {
  const updates = groupBy(
    ops.filter((op) => op.f !== 'read'),
    (op) => identity(written(op)),
  );
  const reported = new Set<unknown>([null]);
  for (const read of ops) {
    if (read.f !== 'read' || read.outcome !== 'ok') continue;
    for (const value of isSet ? elementsOf(history, read) : [read.result]) {
      const id = identity(value);
      const rivals = updates.get(id) ?? [];
      if (reported.has(id) || rivals.some((op) => op.outcome !== 'fail' && op.begin < read.end)) continue;
      reported.add(id);
      const rival = rivals[0];
      const say = () => {
        const sight = `${describeOp(history, read.event)} shows ${formatValue(value)}, `;
        if (rival === undefined) return `${sight}which nobody wrote.`;
        const why = rival.outcome === 'fail' ? 'surely had no effect' : 'began only later';
        return `${sight}though ${describeOp(history, rival.event)} ${why}.`;
      };
      findings.add('thin-air', rival === undefined ? [read.event] : [rival.event, read.event], say, key);
    }
  }
}

function reportMissingElements({ history, findings, key, ops, finals }: Subject): void {
  const held = new Map<Operation, Set<unknown>>();
  // What only a node had that has crashed for good is lost with it.
  const gone = goneForGood(history);
  for (const read of finals.byNode.values()) held.set(read, new Set(elementsOf(history, read).map(identity)));
  for (const add of ops) {
    if (add.f !== 'add' || add.outcome !== 'ok' || gone.has(placeOf(add))) continue;
    const id = identity(add.argument);
    const without = [...held.keys()].filter((read) => held.get(read)!.has(id) === false);
    if (without.length === 0) continue;
    const say = () =>
      `${describeOp(history, add.event)} was acknowledged, but the element is missing at the end ` +
      `on ${list(without.map(placeOf))}: see ${describeOp(history, without[0]!.event)}.`;
    findings.add('missing', [add.event, without[0]!.event], say, key);
  }
}

function reportRegister(subject: Subject): void {
  const { history, findings, key, ops, finals } = subject;
  const writes = ops.filter((op) => op.f !== 'read' && op.outcome !== 'fail');
  const byValue = groupBy(writes, (op) => identity(written(op)));
  for (const [id, reads] of groupBy(finals.byNode.values(), registerContent)) {
    const read = reads[reads.length - 1]!;
    const winners = byValue.get(id) ?? [];
    const acknowledged = writes.findLast((op) => op.outcome === 'ok');
    if (id === null && winners.length === 0 && acknowledged !== undefined) {
      const say = () =>
        `${describeOp(history, acknowledged.event)} was acknowledged, but at the end there is no value ` +
        `on ${list(reads.map(placeOf))}: see ${describeOp(history, read.event)}.`;
      findings.add('missing', [acknowledged.event, read.event], say, key);
    }
    // Whose write won can be told only if the value was written once.
    const chain = winners.length === 1 ? overwrittenBy(winners[0]!, ops) : undefined;
    if (chain !== undefined) reportLostUpdate(subject, read, chain);
  }
}

function reportLostUpdate(
  { history, findings, key }: Subject,
  read: Operation,
  chain: readonly CausalStep[],
): void {
  const lost = chain[chain.length - 1]!.to;
  const events = chain.flatMap((step) => [step.from.event, step.via.event, step.to.event]);
  const say = () => {
    const steps = chain.map(({ from, via, to }) => {
      const verb = via === from ? 'wrote' : 'read';
      return `process ${to.process} ${verb} ${formatValue(written(from))} and then wrote ${formatValue(written(to))} at ${to.node}`;
    });
    return (
      `${describeOp(history, lost.event)} was acknowledged and lost: at the end ` +
      `${describeOp(history, read.event)}, an older value, for ${list(steps)}; ` +
      `it ended ${formatTime(read.endTime - lost.endTime)} after the lost write was acknowledged.`
    );
  };
  findings.add('lost-update', [...events, read.event], say, key);
}
