import type { History } from '../../../histories/history.ts';
import type { Anomaly } from '../../checker.ts';
import { ChainBuilder, type Chains } from './chains.ts';
import type { RegisterOperations } from './encode.ts';
import { placeFailedCas } from './failed-cas.ts';
import { type Evidence, proveRegister, type RegisterViolation } from './proof.ts';
import { Zones } from './zones.ts';

/** Decides registers whose values are written once, in linear time but for one sort. Its tables are used again. */
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

  /** Decides one register; when it is broken, says why. `values`: what the ids stand for. */
  check(
    history: History,
    ops: RegisterOperations,
    values: readonly unknown[],
  ): 'valid' | 'ambiguous' | Anomaly {
    return this.examine(ops, (violations, chains) =>
      violations.length === 0 ? 'valid' : simplest({ history, ops, chains, values }, violations),
    );
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

/** Of many violations the one proved by the fewest operations, and of those the earliest. */
function simplest(evidence: Evidence, violations: readonly RegisterViolation[]): Anomaly {
  const proofs = violations.slice(0, 32).map((violation) => proveRegister(evidence, violation));
  const end = (proof: Anomaly) => Math.max(...proof.ops);
  return proofs.reduce((best, proof) =>
    proof.ops.length < best.ops.length || (proof.ops.length === best.ops.length && end(proof) < end(best))
      ? proof
      : best,
  );
}
