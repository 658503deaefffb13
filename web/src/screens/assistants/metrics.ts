import type { Card, Metric } from "@/api/types";

/** The first few numbers for all patients: what the card's own evaluation says first. */
export function overall(card: Card, most = 3): Metric[] {
  return (card.evidence[0]?.metrics ?? []).filter((metric) => !metric.group).slice(0, most);
}

/** Digits that a number bears: as many as leave its interval some tens wide in the last place. */
export function digitsOf(metric: Metric): number {
  if (!metric.interval) return Number.isInteger(metric.value) ? 0 : 2;
  const width = Math.abs(metric.interval[1] - metric.interval[0]);
  if (width === 0) return 2;
  return Math.max(0, Math.min(4, Math.round(-Math.log10(width)) + 1));
}

/** The metrics of subgroups, gathered by the metric's name. */
export function byGroup(metrics: Metric[]): Metric[][] {
  const groups = new Map<string, Metric[]>();
  for (const metric of metrics.filter((one) => one.group)) {
    groups.set(metric.name.en, [...(groups.get(metric.name.en) ?? []), metric]);
  }
  return [...groups.values()];
}

/** A card's metric for all patients by its name, whatever its case. */
export function named(metrics: Metric[], name: string): number | undefined {
  return metrics.find((metric) => !metric.group && metric.name.en.toLowerCase().startsWith(name))?.value;
}
