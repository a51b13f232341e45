import type { Checker } from '../checker.ts';
import { Findings } from '../findings.ts';
import { Rechecking } from '../online.ts';
import { analyse } from './analysis.ts';
import { READ, readTransactions } from './micro-operations.ts';
import type { ConsistencyModel } from './models.ts';
import { registerDependencies } from './register-dependencies.ts';
import { registerLostUpdates, registerReads } from './register-reads.ts';
import { registerReasons } from './register-reasons.ts';
import { type KeyAssumptions, registerOrder } from './register-versions.ts';
import { NIL } from './value-ids.ts';
import { WriteIndex } from './write-index.ts';

export interface RwRegisterOptions extends KeyAssumptions {
  /** The model to hold the history against. Default `strict-serializable`. */
  readonly model?: ConsistencyModel | undefined;
}

/**
 * Transactions that read and write registers, each value written to a key once only. Who wrote what was read is plain;
 * in which order the versions of a key came is not, and is found out from what each model would forbid.
 */
export function rwRegister(options: RwRegisterOptions = {}): Checker {
  const model = options.model ?? 'strict-serializable';
  return {
    name: 'rw-register',
    about: `transactions that read and write registers, against ${model}`,
    check(history, { budget }) {
      const txns = readTransactions(history, 'rw-register');
      const writes = new WriteIndex(txns);
      const findings = new Findings(history);
      const readsFrom = registerReads(txns, writes, findings);
      registerLostUpdates(txns, readsFrom, findings);
      const order = registerOrder(txns, readsFrom, options, findings);
      const sawSomething = txns.opKind.some((kind, o) => kind === READ && txns.opValue[o] !== NIL);
      const resolved = {
        checker: 'rw-register',
        txns,
        readsFrom,
        graph: registerDependencies(txns, readsFrom, order),
        complete: false,
        isKnown: order.isKnown,
        isOrdered: () => false,
        reasons: registerReasons(txns),
        findings,
        vacuous: sawSomething || txns.size === 0 ? [] : ['no read saw a written value'],
      };
      return analyse(resolved, model, budget);
    },
    online() {
      return new Rechecking(this, 'history');
    },
  };
}
