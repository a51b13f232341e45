import type { Outcome } from '../../spec/outcome.ts';
import type { Proofs } from '../proof.ts';
import { type Observed, sceneOfBeginning, sceneOfProof } from './scene.ts';
import { spaceTimeSvg } from './svg.ts';

/** The picture of a run: the first violation, or where there is none the first operations. */
export function diagramOf({ spec, verdicts }: Outcome, proofs: Proofs, observed: Observed): string {
  const name = [spec.system, ...spec.bugs].join(' with ');
  const which = proofs.findIndex((proof) => proof !== undefined && proof.rows.length > 0);
  if (which < 0) return spaceTimeSvg(sceneOfBeginning(observed), `${name}, seed ${spec.seed}`);
  const title = `${name}, seed ${spec.seed}: ${verdicts[which]!.anomalies[0]!.kind}`;
  return spaceTimeSvg(sceneOfProof(proofs[which]!, observed), title);
}
