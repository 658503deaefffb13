// Times are local; under a day they are told relative to now.

export type Since =
  | { unit: "now" }
  | { unit: "minutes" | "hours"; count: number }
  | { unit: "exact"; text: string };

const minute = 60_000;
const hour = 60 * minute;

function two(value: number): string {
  return String(value).padStart(2, "0");
}

/** 2026-11-24 03:07, the same in both languages. */
export function exactTime(at: Date): string {
  return `${isoDate(at)} ${clockTime(at)}`;
}

export function clockTime(at: Date): string {
  return `${two(at.getHours())}:${two(at.getMinutes())}`;
}

export function isoDate(at: Date): string {
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
}

export function since(at: Date, now: Date): Since {
  const passed = now.getTime() - at.getTime();
  if (passed < 0 || passed >= 24 * hour) return { unit: "exact", text: exactTime(at) };
  if (passed < minute) return { unit: "now" };
  if (passed < hour) return { unit: "minutes", count: Math.floor(passed / minute) };
  return { unit: "hours", count: Math.floor(passed / hour) };
}

/** Whole days passed, for lists that tell how long something has waited. */
export function daysSince(at: Date, now: Date): number {
  return Math.max(0, Math.floor((now.getTime() - at.getTime()) / (24 * hour)));
}

/** A place in a recording: 0:07.250 under a minute's reading, 1:02:03 in a long one. */
export function recordingTime(seconds: number, digits = 0): string {
  const whole = Math.floor(seconds);
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor(whole / 60) % 60;
  const rest = digits ? (seconds % 60).toFixed(digits).padStart(3 + digits, "0") : two(whole % 60);
  return hours ? `${hours}:${two(minutes)}:${rest}` : `${minutes}:${rest}`;
}
