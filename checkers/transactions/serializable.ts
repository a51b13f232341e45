import { OK } from '../../histories/op.ts';
import type { Checker } from '../checker.ts';
import { Findings } from '../findings.ts';
import { tellCycle } from './cycle-story.ts';
import { findCycles } from './cycles.ts';
import { listDependencies } from './list-dependencies.ts';
import { checkListReads } from './list-reads.ts';
import { listReasons } from './list-reasons.ts';
import { listVersions } from './list-versions.ts';
import { READ, readTransactions } from './micro-operations.ts';
import type { ConsistencyModel } from './models.ts';
import { Steps } from './steps.ts';
import { transactionVerdict } from './verdict.ts';
import { WriteIndex } from './write-index.ts';

export interface TransactionOptions {
  /** The model to hold the history against. Default `strict-serializable`. */
  readonly model?: ConsistencyModel | undefined;
}

/**
 * Transactions that append unique elements to lists and read whole lists (Kingsbury and Alvaro, Elle, VLDB 2020): the
 * longest read of a list gives the order of its versions.
 */
export function listAppend(options: TransactionOptions = {}): Checker {
  const model = options.model ?? 'strict-serializable';
  return {
    name: 'list-append',
    about: `transactions that append to lists and read them, against ${model}`,
    check(history, { budget }) {
      const txns = readTransactions(history, 'list-append');
      const writes = new WriteIndex(txns);
      const versions = listVersions(txns, writes);
      const findings = new Findings();
      checkListReads(txns, writes, versions, findings);
      const graph = listDependencies(txns, writes, versions, findings);
      const search = findCycles(graph, model, new Steps(budget.steps));
      const reasons = listReasons(txns, writes, versions);
      for (const cycle of search.cycles) {
        const { message, ops } = tellCycle(txns, cycle, reasons);
        findings.add(cycle.kind, ops, () => message);
      }
      const sawSomething = txns.opKind.some((kind, o) => kind === READ && txns.opValue[o]! > 0);
      return transactionVerdict('list-append', model, txns, findings, {
        undecided: search.undecided,
        components: search.components,
        vacuous: sawSomething || txns.size === 0 ? [] : ['no read saw an element'],
        committed: versions.committed.reduce((a, b) => a + b, 0),
        acknowledged: txns.status.reduce((n, status) => n + (status === OK ? 1 : 0), 0),
      });
    },
  };
}
