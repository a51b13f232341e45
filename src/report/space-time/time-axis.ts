import type { Nanos } from '../../world/nanos.ts';
import type { Scene } from './scene.ts';

/** Where each moment of a scene stands on paper. */
export type TimeAxis = (time: Nanos) => number;

/**
 * An axis on which quiet time takes little room: between two moments at which something happens lies the cube root of
 * the time between them, so that a message's milliseconds can be seen beside a partition's seconds.
 */
export function timeAxis({ begin, end, operations, travels }: Scene, left: number, right: number): TimeAxis {
  const moments = [
    begin,
    end,
    ...operations.flatMap((row) => [row.start, row.end ?? end]),
    ...travels.flatMap(({ sent, arrives }) => [sent, arrives ?? sent]),
  ];
  const times = [...new Set(moments)].filter((t) => t >= begin && t <= end).sort((a, b) => a - b);
  const places = [0];
  for (let i = 1; i < times.length; i++) places.push(places[i - 1]! + Math.cbrt(times[i]! - times[i - 1]!));
  const scale = (right - left) / (places.at(-1)! || 1);
  return (time) => {
    let i = 0;
    while (i < times.length - 2 && times[i + 1]! <= time) i++;
    const [t0, t1 = t0!] = [times[i]!, times[i + 1]];
    const [x0, x1 = x0!] = [places[i]!, places[i + 1]];
    const part = t1 === t0 ? 0 : (time - t0) / (t1 - t0);
    return left + scale * (x0 + Math.min(1.2, Math.max(0, part)) * (x1 - x0));
  };
}
