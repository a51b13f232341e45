import type { History } from '../../../histories/history.ts';
import type { Anomaly } from '../../checker.ts';
import { ChainBuilder, type Chains } from './chains.ts';
import type { RegisterOperations, Registers } from './encode.ts';
import { placeFailedCas } from './failed-cas.ts';
import { type Evidence, proveRegister, type RegisterViolation } from './proof.ts';
import { Zones } from './zones.ts';

/** Decides registers whose values are written once, in linear time but for one sort. */
export class ChainChecker {
  private readonly builder: ChainBuilder;
  private readonly zones: Zones;
  private readonly registers: Registers;

  constructor(registers: Registers) {
    const most = registers.objects.reduce((n, ops) => Math.max(n, ops.kind.length), 0);
    this.registers = registers;
    this.builder = new ChainBuilder(registers.values.length, most);
    this.zones = new Zones(most);
  }

  /** Decides one register; when it is broken, says why. `ambiguous`: these means can't tell, a search must. */
  check(history: History, ops: RegisterOperations): 'valid' | 'ambiguous' | Anomaly {
    const chains = this.builder.build(ops);
    if (chains === undefined) return 'ambiguous';
    const violations = this.violations(ops, chains);
    const evidence: Evidence = { history, ops, chains, values: this.registers.values };
    const result =
      violations === 'unsure'
        ? 'ambiguous'
        : violations.length === 0
          ? 'valid'
          : simplest(evidence, violations);
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
