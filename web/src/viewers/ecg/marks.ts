import type { Beat, Finding } from "@/api/types";

/** Every beat that some finding rests on, in order of time, each once. */
export function allBeats(findings: Finding[]): Beat[] {
  const bySample = new Map<number, Beat>();
  for (const finding of findings)
    for (const beat of finding.evidence?.beats ?? []) bySample.set(beat.sample, beat);
  return [...bySample.values()].sort((a, b) => a.sample - b.sample);
}

/** The index of the first beat at or after a time (binary search: a day has a hundred thousand beats). */
export function firstBeat(beats: Beat[], time: number): number {
  let low = 0;
  let high = beats.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (beats[middle]!.time < time) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The beat next to a time, if one is within reach (seconds). */
export function beatNear(beats: Beat[], time: number, reach: number): Beat | undefined {
  const next = firstBeat(beats, time);
  return [beats[next - 1], beats[next]]
    .filter((beat): beat is Beat => beat !== undefined && Math.abs(beat.time - time) <= reach)
    .sort((a, b) => Math.abs(a.time - time) - Math.abs(b.time - time))[0];
}

/**
 * The finding that a beat is evidence for: of several the one that rests on the fewest beats, for it says
 * the most
 * about this one.
 */
export function findingOfBeat(findings: Finding[], beat: Beat): string | null {
  const those = findings
    .filter((finding) => finding.evidence?.beats?.some((one) => one.sample === beat.sample))
    .sort((a, b) => a.evidence!.beats!.length - b.evidence!.beats!.length);
  return those[0]?.id ?? null;
}
