/** Millivolts above and below the middle that are always in view. */
const leastReach = 0.2;

/** Minutes that a lone one is drawn long: a line of one point would not be seen. */
const loneLength = 0.5;

/** The millivolts above and below the middle that hold all levels. */
export function reachOf(trends: (number | null)[][]): number {
  return trends.flat().reduce<number>((reach, level) => Math.max(reach, Math.abs(level ?? 0)), leastReach);
}

/** Minutes along the picture, which is never narrower than one. */
export function widthOf(levels: (number | null)[]): number {
  return Math.max(1, levels.length - 1);
}

/** The runs of minutes with a level, as points of a line: x a minute, y upwards. */
export function trendPaths(levels: (number | null)[], reach: number, height: number): string[] {
  const runs: [number, number][][] = [[]];
  levels.forEach((level, minute) => {
    if (level === null) runs.push([]);
    else runs[runs.length - 1]!.push([minute, ((1 - level / reach) * height) / 2]);
  });
  return runs
    .filter((run) => run.length > 0)
    .map((run) => (run.length > 1 ? run : lengthened(run[0]!, widthOf(levels))))
    .map((run) => run.map(([x, y]) => `${x},${y}`).join(" "));
}

function lengthened([minute, y]: [number, number], width: number): [number, number][] {
  const from = Math.max(0, Math.min(minute - loneLength / 2, width - loneLength));
  return [
    [from, y],
    [from + loneLength, y],
  ];
}
