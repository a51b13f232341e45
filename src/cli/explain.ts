import { registry } from '../campaign/registry.ts';
import { explanationText } from '../report/explain/terminal.ts';
import { topicsOf } from '../report/explain/topics.ts';
import { didYouMean } from '../world/did-you-mean.ts';
import { UsageError } from '../world/usage-error.ts';
import { EXIT } from './exit-codes.ts';
import type { Terminal } from './terminal.ts';

/** `momus explain`: prints all that a name stands for. */
export function explain(name: string | undefined, json: boolean, terminal: Terminal): number {
  if (name === undefined) throw new UsageError('say what to explain: a system, a bug, a model or an anomaly');
  const topics = topicsOf(registry);
  const found = topics.get(name);
  if (found === undefined) {
    const hint = didYouMean(name, topics.keys());
    throw new UsageError(
      `nothing is called "${name}"${hint}; momus list names the systems, bugs, workloads, nemeses and checkers`,
    );
  }
  const explanations = found.map((explained) => explained());
  if (json) terminal.out(JSON.stringify(explanations, null, 2));
  else
    terminal.out(explanations.map((each) => explanationText(each, terminal, terminal.momus)).join('\n\n\n'));
  return EXIT.valid;
}
