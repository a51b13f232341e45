import type { CampaignRun } from '../campaign/run-campaign.ts';
import { HOUR, MILLISECOND, MINUTE, type Nanos, SECOND } from '../world/nanos.ts';
import { failureName } from './campaign-report.ts';
import { counted, grouped } from './counts.ts';
import { cut, table, wrap } from './layout.ts';
import type { Style } from './style.ts';

const DAY = 24 * HOUR;
const YEAR = 365 * DAY;
const SEPARATOR = ' · ';
const UNITS = [
  [YEAR, 'y'],
  [DAY, 'd'],
  [HOUR, 'h'],
  [MINUTE, 'min'],
  [SECOND, 's'],
] as const;

/** Failures that the live view has room for. */
const MOST_FAILURES = 8;
/** Columns for how often a failure was seen and its fastest seed. */
const ROOM_FOR_SEED = 22;

/** `1,234 of 5,000 runs · 45.2 runs/s · 10 h 12 min simulated · 3 failures, 2 distinct · 1 min 23 s left`. */
export function progressLine(run: CampaignRun, where: string): string {
  return progress(run, where).join(SEPARATOR);
}

function progress(run: CampaignRun, where: string): string[] {
  const { tally, total } = run;
  const { runs } = tally.total;
  const rate = (runs - run.resumed) / (run.elapsedNow / 1e3);
  const left = timeLeft(run, rate);
  const failed = runs - tally.total.valid;
  return [
    Number.isFinite(total) ? `${grouped(runs)} of ${counted(total, 'run')}` : counted(runs, 'run'),
    `${rate >= 100 ? grouped(Math.round(rate)) : rate.toFixed(1)} runs/s on ${where}`,
    `${spokenTime(tally.total.nanos)} simulated`,
    failed === 0 ? 'no failure' : `${counted(failed, 'failure')}, ${grouped(tally.failures.length)} distinct`,
    ...(left === undefined ? [] : [`${spokenTime(left)} left`]),
  ];
}

/** The same with a bar above it and the failures below, to be drawn again and again. */
export function liveView(run: CampaignRun, where: string, { paint, width }: Style): string[] {
  const { tally, total, campaign } = run;
  const { time } = campaign.stop;
  const byTime = time === undefined ? 0 : (run.elapsed * MILLISECOND) / time;
  const done = Math.min(1, Math.max(Number.isFinite(total) ? tally.total.runs / total : 0, byTime));
  const length = Math.max(0, width - ' 100 %'.length);
  const full = Math.floor(done * length);
  const bar = `${'█'.repeat(full)}${'░'.repeat(length - full)}`;
  const failures = tally.failures;
  const named = failures.slice(0, MOST_FAILURES).map((failure) => failureName(failure, width));
  // Which bug it is says more than a seed does.
  const roomy = Math.max(...named.map((name) => name.length)) + ROOM_FOR_SEED <= width;
  const rows = named.map((name, i) => {
    const { count, fastest } = failures[i]!;
    return [`  ${grouped(count)}`, ...(roomy ? [`seed ${fastest.seed}`] : []), name];
  });
  const more = failures.length - rows.length;
  return [
    Number.isFinite(total) || time !== undefined ? `${bar} ${Math.floor(done * 100)} %` : bar,
    ...packed(progress(run, where), width),
    ...(rows.length === 0
      ? []
      : table(rows)
          .split('\n')
          .map((line) => paint.red(cut(line, width)))),
    ...(more > 0 ? [`  and ${more} more`] : []),
  ];
}

/** Parts in lines as long as they fit, none of them torn unless it is longer than a line. */
function packed(parts: readonly string[], width: number): string[] {
  const lines: string[] = [];
  for (const part of parts) {
    const longer = lines.length === 0 ? part : `${lines.at(-1)}${SEPARATOR}${part}`;
    if (lines.length > 0 && longer.length <= width) lines[lines.length - 1] = longer;
    else lines.push(...wrap(part, width).split('\n'));
  }
  return lines;
}

/** The two largest units: `10 h 12 min`. */
export function spokenTime(time: Nanos): string {
  const seconds = Math.round(time / SECOND) * SECOND;
  const first = UNITS.findIndex(([size]) => seconds >= size);
  if (first < 0) return '0 s';
  const [size, unit] = UNITS[first]!;
  const next = UNITS[first + 1];
  const rest = next === undefined ? 0 : Math.floor((seconds % size) / next[0]);
  const large = `${grouped(Math.floor(seconds / size))} ${unit}`;
  return rest === 0 ? large : `${large} ${rest} ${next![1]}`;
}

function timeLeft(run: CampaignRun, rate: number): Nanos | undefined {
  const { time } = run.campaign.stop;
  const byTime = time === undefined ? Number.POSITIVE_INFINITY : time - run.elapsed * MILLISECOND;
  const byRuns = ((run.total - run.tally.total.runs) / rate) * SECOND;
  const left = Math.min(byTime, Number.isNaN(byRuns) ? 0 : byRuns);
  return Number.isFinite(left) ? Math.max(0, left) : undefined;
}
