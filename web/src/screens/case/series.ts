import type { Recording } from "@/api/types";

type Place = Pick<Recording, "kind" | "series" | "instance">;

/** Whether two are shown as one: images of one series, as the slices of a CT, or a slide's levels. */
export function isOneSeries(one: Place, other: Place): boolean {
  return one.instance === other.instance || (one.kind !== "ecg" && one.series === other.series);
}

/** The recordings by what is shown as one, each in its own order. */
export function bySeries<T extends Place>(recordings: T[]): T[][] {
  const groups: T[][] = [];
  for (const recording of recordings) {
    const group = groups.find(([first]) => isOneSeries(first!, recording));
    if (group) group.push(recording);
    else groups.push([recording]);
  }
  return groups;
}
