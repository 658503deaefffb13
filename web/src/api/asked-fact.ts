import type { Localized } from "./types";

/** A fact that is not known and decides what follows: choice (one of values), number (in unit), moment. */
export interface AskedFact {
  fact: string;
  text: Localized;
  kind: "choice" | "number" | "moment";
  unit: string;
  values: { value: string; text: Localized }[];
}
