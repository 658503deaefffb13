import { useEffect, useRef } from "react";

export type Shortcuts = Record<string, (event: KeyboardEvent) => void>;

function typing(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  );
}

/** "Ctrl+Enter", "j", "ArrowDown": the name of a key press. Command counts as Ctrl. */
export function pressName(event: Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "altKey">): string {
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  return `${event.ctrlKey || event.metaKey ? "Ctrl+" : ""}${event.altKey ? "Alt+" : ""}${key}`;
}

/** Keys of the whole page. Single keys do nothing while someone types or a dialog is open. */
export function useShortcuts(shortcuts: Shortcuts, on = true): void {
  const current = useRef(shortcuts);
  current.current = shortcuts;
  useEffect(() => {
    if (!on) return;
    const listener = (event: KeyboardEvent) => {
      const name = pressName(event);
      const action = current.current[name];
      if (!action || event.defaultPrevented) return;
      if (!name.startsWith("Ctrl+") && typing(event.target)) return;
      if (document.querySelector('[role="dialog"]')) return;
      action(event);
    };
    window.addEventListener("keydown", listener);
    return () => window.removeEventListener("keydown", listener);
  }, [on]);
}
