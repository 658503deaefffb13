import { Input } from "antd";
import type { ReactNode } from "react";
import { ActDialog } from "./act-dialog";
import { Field } from "./field";

interface Props {
  title: string;
  label: string;
  action: string;
  /** What failed, if it fails: "Rejecting the draft". */
  failing: string;
  text: string;
  onText: (text: string) => void;
  busy: boolean;
  error: unknown;
  /** Whether enough is filled in to go on. */
  ready?: boolean;
  danger?: boolean;
  before?: ReactNode;
  onGo: () => void;
  onClose: () => void;
}

/** A dialog that asks for a text and does one thing with it; Ctrl+Enter does it too. */
export function TextDialog({ label, text, onText, danger, before, ready: filled = true, ...act }: Props) {
  const ready = filled && text.trim() !== "";
  return (
    <ActDialog {...act} button={{ danger, disabled: !ready }}>
      {before}
      <Field label={label}>
        {(id) => (
          <Input.TextArea
            id={id}
            autoFocus
            autoSize={{ minRows: 3, maxRows: 10 }}
            value={text}
            onChange={(event) => onText(event.target.value)}
            onKeyDown={(event) => {
              if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && ready) act.onGo();
            }}
          />
        )}
      </Field>
    </ActDialog>
  );
}
