import { useCallback, useState } from "react";

// What is typed stays in this browser until the node has acknowledged it, also over a reload or a dead line.

const prefix = "meridian.kept.";

export function readKept<T>(key: string): T | null {
  try {
    const text = localStorage.getItem(prefix + key);
    return text === null ? null : (JSON.parse(text) as T);
  } catch {
    return null;
  }
}

export function keep<T>(key: string, value: T): void {
  try {
    localStorage.setItem(prefix + key, JSON.stringify(value));
  } catch {
    // The browser's storage is full or forbidden: the text stays on the screen, which is what there is.
  }
}

export function forget(key: string): void {
  localStorage.removeItem(prefix + key);
}

/** Forgets all of it: another person may sign in at this machine next. */
export function forgetAll(): void {
  Object.keys(localStorage)
    .filter((key) => key.startsWith(prefix))
    .forEach((key) => localStorage.removeItem(key));
}

/** State that outlives the page; done() once the node has it. */
export function useKept<T>(key: string, initial: T): [T, (value: T) => void, () => void] {
  const [value, setValue] = useState<T>(() => readKept<T>(key) ?? initial);
  const set = useCallback(
    (next: T) => {
      setValue(next);
      keep(key, next);
    },
    [key],
  );
  const done = useCallback(() => forget(key), [key]);
  return [value, set, done];
}
