import type { Chunk, Executor, RunReport } from '../../src/campaign/chunk.ts';
import { registry } from '../../src/campaign/registry.ts';
import type { Campaign } from '../../src/spec/campaign.ts';
import { readCampaign } from '../../src/spec/campaign-file.ts';
import type { Seed } from '../../src/world/random.ts';

/** A campaign from its file's text. */
export function campaignOf(text: string): Campaign {
  return readCampaign(text, 'c.yaml', registry);
}

/** An executor whose runs fail with the kind that `judge` gives. It performs a chunk when `turn` settles. */
export function fakeExecutor(
  judge: (seed: Seed, chunk: Chunk) => string | undefined,
  turn: () => Promise<void> = async () => {},
): Executor & { readonly performed: Chunk[] } {
  const performed: Chunk[] = [];
  return {
    performed,
    where: 'no core',
    capacity: () => 3,
    async perform(chunk) {
      await turn();
      performed.push(chunk);
      const reports: RunReport[] = [];
      for (const seed of chunk.seeds) {
        const kind = judge(seed, chunk);
        reports.push(report(chunk, seed, kind));
        if (kind !== undefined && chunk.untilInvalid) break;
      }
      return reports;
    },
    stop: async () => {},
    close: async () => {},
  };
}

export function report({ cell, spec, trial }: Chunk, seed: Seed, kind: string | undefined): RunReport {
  const fingerprint = `${cell}-${seed}`;
  const events = 1_000 - Number(seed);
  const counts = { operations: 10, faults: 1, events, nanos: 2e9 };
  const line = { cell, seed, trial, valid: kind === undefined, fingerprint, ...counts };
  if (kind === undefined) return { line, took: 1 };
  const outcome = {
    spec: { ...spec, seed },
    valid: false as const,
    verdicts: [],
    beyond: [],
    fingerprint,
    counts,
  };
  return { line: { ...line, kinds: [kind] }, took: 1, whole: { outcome, history: '' } };
}
