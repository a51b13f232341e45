import type { History } from '../../../histories/history.ts';
import type { Anomaly } from '../../checker.ts';
import { NEVER } from '../intervals.ts';
import { ChainBuilder, type Chains } from './chains.ts';
import { CAS, type RegisterOperations, WRITE } from './encode.ts';
import { placeFailedCas } from './failed-cas.ts';
import { proveRegister, type RegisterViolation } from './proof.ts';
import { Zones } from './zones.ts';

/** Rounds of looking for a violation before the one that was found. Each goes over the register again. */
const MAX_ROUNDS = 20;

/**
 * Decides registers whose values are written once, in linear time but for one sort. Its tables are used
 * again.
 */
export class ChainChecker {
  private readonly builder: ChainBuilder;
  private readonly zones: Zones;

  /** `values`: how many values there are; `operations`: how many the largest register has. */
  constructor(values: number, operations: number) {
    this.builder = new ChainBuilder(values, operations);
    this.zones = new Zones(operations);
  }

  /** Decides one register. `ambiguous`: these means can't tell, a search must. */
  decide(ops: RegisterOperations): 'valid' | 'invalid' | 'ambiguous' {
    return this.examine(ops, (violations) => (violations.length === 0 ? 'valid' : 'invalid'));
  }

  /**
   * Decides one register; when it is broken, says why, from the shortest beginning of its history that is
   * broken. `values`: what the ids stand for.
   */
  check(
    history: History,
    ops: RegisterOperations,
    values: readonly unknown[],
  ): 'valid' | 'ambiguous' | Anomaly {
    let result: 'valid' | 'ambiguous' | Anomaly = 'valid';
    let shorter = ops;
    for (let round = 0; round < MAX_ROUNDS; round++) {
      const found = this.examine(shorter, (violations, chains) => {
        if (violations.length === 0) return undefined;
        const violation = earliest(shorter, chains, violations);
        const end = Math.max(...involved(chains, violation).map((op) => endOf(shorter, op)));
        return {
          end,
          proof: proveRegister({ history, ops: shorter, whole: ops, chains, values }, violation),
        };
      });
      if (found === 'ambiguous') return round === 0 ? 'ambiguous' : result;
      if (found === undefined) return result;
      result = found.proof;
      shorter = before(shorter, found.end, round === 0 ? copyOf(ops) : shorter);
    }
    return result;
  }

  private examine<T>(
    ops: RegisterOperations,
    conclude: (violations: readonly RegisterViolation[], chains: Chains) => T,
  ): T | 'ambiguous' {
    const chains = this.builder.build(ops);
    if (chains === undefined) return 'ambiguous';
    const violations = this.violations(ops, chains);
    const result = violations === 'unsure' ? 'ambiguous' : conclude(violations, chains);
    this.builder.forget(ops);
    return result;
  }

  private violations(ops: RegisterOperations, chains: Chains): 'unsure' | readonly RegisterViolation[] {
    if (this.builder.violations.length > 0) return this.builder.violations;
    const contradictions = this.zones.check(ops, chains);
    if (contradictions.length > 0) return contradictions;
    const failed = placeFailedCas(ops, chains, this.zones);
    return failed === 'unsure' ? failed : failed === undefined ? [] : [failed];
  }
}

/** The violation that is complete first. */
function earliest(
  ops: RegisterOperations,
  chains: Chains,
  violations: readonly RegisterViolation[],
): RegisterViolation {
  const ends = violations.map((violation) =>
    Math.max(...involved(chains, violation).map((op) => endOf(ops, op))),
  );
  return violations[ends.indexOf(ends.reduce((a, b) => Math.min(a, b)))]!;
}

/** The event by which all that there is of an operation was known. */
function endOf({ call, ret }: RegisterOperations, op: number): number {
  return op < 0 ? -1 : ret[op] === NEVER ? call[op]! : ret[op]!;
}

/** Operations without which there is no violation; -1 stands for the initial value. */
function involved({ writer }: Chains, violation: RegisterViolation): number[] {
  switch (violation.kind) {
    case 'thin-air':
    case 'future':
      return [violation.reader];
    case 'double-cas':
      return [violation.first, violation.second];
    case 'cycle':
      return violation.clusters.map((c) => writer[c]!);
    case 'chain-order':
      return [violation.early, violation.late];
    case 'overlap':
      return [violation.a.first, violation.a.last, violation.b.first, violation.b.last];
    case 'covered':
      return [...violation.failed, violation.before, violation.after];
  }
}

/**
 * What was known before event `cut`: operations open then are pending. Written over the columns of `into`, which
 * may be `ops` themselves.
 */
function before(ops: RegisterOperations, cut: number, into: RegisterOperations): RegisterOperations {
  const { kind, value, next, call, ret } = into;
  let rows = 0;
  for (let i = 0; i < ops.kind.length && ops.call[i]! < cut; i++) {
    const open = ops.ret[i]! >= cut;
    if (open && ops.kind[i] !== WRITE && ops.kind[i] !== CAS) continue;
    kind[rows] = ops.kind[i]!;
    value[rows] = ops.value[i]!;
    next[rows] = ops.next[i]!;
    call[rows] = ops.call[i]!;
    ret[rows] = open ? NEVER : ops.ret[i]!;
    rows++;
  }
  return {
    key: ops.key,
    kind: kind.subarray(0, rows),
    value: value.subarray(0, rows),
    next: next.subarray(0, rows),
    call: call.subarray(0, rows),
    ret: ret.subarray(0, rows),
  };
}

function copyOf({ key, kind, value, next, call, ret }: RegisterOperations): RegisterOperations {
  return {
    key,
    kind: kind.slice(),
    value: value.slice(),
    next: next.slice(),
    call: call.slice(),
    ret: ret.slice(),
  };
}
