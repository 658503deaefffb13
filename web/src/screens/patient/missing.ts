import type { NewPatient } from "@/api/patients";

export type Missing = Partial<Record<keyof NewPatient, "family" | "sex" | "birthDate" | "future">>;

/**
 * What a new patient still lacks: a name, a sex, and a date of birth that is not after today (YYYY-MM-DD).
 */
export function missingIn(typed: NewPatient, today: string): Missing {
  const missing: Missing = {};
  if (!typed.family.trim()) missing.family = "family";
  if (typed.sex === "unknown") missing.sex = "sex";
  if (!typed.birthDate) missing.birthDate = "birthDate";
  else if (typed.birthDate > today) missing.birthDate = "future";
  return missing;
}
