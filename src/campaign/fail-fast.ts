import type { Checker } from '../../checkers/checker.ts';
import type { Op } from '../../histories/op.ts';
import type { EventListener } from '../controller/interpreter.ts';
import type { EarlyEnd } from '../spec/outcome.ts';

/** Stops a run at the first violation that its checkers can tell before its end. */
export class FailFast {
  /** Where the run was stopped. */
  end: EarlyEnd | undefined;
  private readonly online;

  constructor(checkers: readonly Checker[]) {
    this.online = checkers.flatMap((checker) => {
      const observer = checker.online?.();
      return observer === undefined ? [] : [{ checker: checker.name, observer }];
    });
  }

  readonly onEvent: EventListener = (op: Op) => {
    if (this.end !== undefined) return undefined;
    const found = this.online.find(({ observer }) => observer.observe(op) !== null);
    if (found === undefined) return undefined;
    this.end = { checker: found.checker, event: op.index, time: op.time };
    return 'stop';
  };
}
