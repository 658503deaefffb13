// Ages as clinicians say them: days in the first month, months up to two years, then years.

export interface Age {
  unit: "days" | "months" | "years";
  count: number;
}

const dayMs = 86_400_000;

/**
 * The age at a moment of someone born on a date (YYYY, YYYY-MM or YYYY-MM-DD); null where that is not known.
 */
export function ageAt(birthDate: string, at: Date): Age | null {
  const [year, month = 1, day = 1] = birthDate.split("-").map(Number);
  if (!year || !Number.isFinite(year)) return null;
  const born = new Date(year, month - 1, day);
  if (Number.isNaN(born.getTime()) || born > at) return null;
  const months =
    (at.getFullYear() - born.getFullYear()) * 12 +
    (at.getMonth() - born.getMonth()) -
    (at.getDate() < born.getDate() ? 1 : 0);
  if (months < 1) return { unit: "days", count: Math.floor((at.getTime() - born.getTime()) / dayMs) };
  if (months < 24) return { unit: "months", count: months };
  return { unit: "years", count: Math.floor(months / 12) };
}
