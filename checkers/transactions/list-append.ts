import type { Checker } from '../checker.ts';
import { Findings } from '../findings.ts';
import { Rechecking } from '../online.ts';
import { analyse } from './analysis.ts';
import { listDependencies } from './list-dependencies.ts';
import { checkListReads } from './list-reads.ts';
import { listReasons } from './list-reasons.ts';
import { hasKnownOrder, knownListOrder, listVersions } from './list-versions.ts';
import { READ, readTransactions } from './micro-operations.ts';
import type { ConsistencyModel } from './models.ts';
import { listReadsFrom } from './reads-from.ts';
import { WriteIndex } from './write-index.ts';

export interface ListAppendOptions {
  /** The model to hold the history against. Default `strict-serializable`. */
  readonly model?: ConsistencyModel | undefined;
}

/**
 * Transactions that append unique elements to lists and read whole lists (Kingsbury and Alvaro, Elle, VLDB 2020): the
 * longest read of a list gives the order of its versions.
 */
export function listAppend(options: ListAppendOptions = {}): Checker {
  const model = options.model ?? 'strict-serializable';
  return {
    name: 'list-append',
    about: `transactions that append to lists and read them, against ${model}`,
    check(history, { budget }) {
      const txns = readTransactions(history, 'list-append');
      const writes = new WriteIndex(txns);
      const versions = listVersions(txns, writes);
      const findings = new Findings(history);
      checkListReads(txns, writes, versions, findings);
      const sawSomething = txns.opKind.some((kind, o) => kind === READ && txns.opValue[o]! > 0);
      const resolved = {
        checker: 'list-append',
        txns,
        readsFrom: listReadsFrom(txns, writes, versions),
        graph: listDependencies(txns, writes, versions, findings),
        complete: !versions.ordered.includes(0),
        isKnown: knownListOrder(txns, versions),
        isOrdered: hasKnownOrder(txns, versions),
        reasons: listReasons(txns, writes, versions),
        findings,
        vacuous: sawSomething || txns.size === 0 ? [] : ['no read saw an element'],
      };
      return analyse(resolved, model, budget);
    },
    online() {
      return new Rechecking(this, 'history');
    },
  };
}
