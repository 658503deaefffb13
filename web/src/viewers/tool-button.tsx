import type { ReactNode } from "react";
import styles from "./tools.module.css";

interface Props {
  /** The words for the tool, with its key: they are the button's name and its tooltip. */
  label: string;
  shortcut?: string;
  pressed?: boolean;
  disabled?: boolean;
  onClick: () => void;
  children: ReactNode;
}

/** A grey button of a viewer's bar. */
export function ToolButton({ label, shortcut, pressed, disabled, onClick, children }: Props) {
  return (
    <button
      type="button"
      className={styles.button}
      aria-label={label}
      aria-pressed={pressed}
      aria-keyshortcuts={shortcut}
      title={shortcut ? `${label} (${shortcut})` : label}
      disabled={disabled}
      onClick={onClick}
    >
      {children}
    </button>
  );
}
