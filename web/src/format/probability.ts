// Probabilities in words: the likelihood scale of the IPCC's guidance note on uncertainty (Mastrandrea et al.
// 2010, table 1), whose words are defined by their ranges and used across fields.

export type Likelihood =
  | "certain"
  | "veryLikely"
  | "likely"
  | "asLikelyAsNot"
  | "unlikely"
  | "veryUnlikely"
  | "exceptional";

const scale: [number, Likelihood][] = [
  [0.99, "certain"],
  [0.9, "veryLikely"],
  [0.66, "likely"],
  [0.33, "asLikelyAsNot"],
  [0.1, "unlikely"],
  [0.01, "veryUnlikely"],
];

export function likelihood(probability: number): Likelihood {
  return scale.find(([least]) => probability >= least)?.[1] ?? "exceptional";
}

/** Two digits, and never a flat 0 or 1: no model is that sure. */
export function printProbability(probability: number): string {
  if (probability > 0.99) return "> 0.99";
  if (probability < 0.01) return "< 0.01";
  return probability.toFixed(2);
}
