import { useCallback, useState } from "react";

// What is typed stays in this browser until the node has acknowledged it, also over a reload or a dead line.
// It belongs to who typed it: the next person at the same machine neither sees it nor sends it.

let prefix = "meridian.kept.";

/** From now on what is kept is this user's. */
export function keepFor(user: string): void {
  prefix = `meridian.kept.${user}.`;
}

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
