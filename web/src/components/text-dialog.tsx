import { Button, Input, Modal } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Failure } from "./failure";
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
export function TextDialog(props: Props) {
  const { t } = useTranslation();
  const { title, label, action, failing, text, onText, busy, error, danger, before, onGo, onClose } = props;
  const ready = (props.ready ?? true) && text.trim() !== "";
  return (
    <Modal
      open
      title={title}
      onCancel={onClose}
      footer={[
        <Button key="cancel" onClick={onClose}>
          {t("action.cancel")}
        </Button>,
        <Button key="go" type="primary" danger={danger} disabled={!ready} loading={busy} onClick={onGo}>
          {action}
        </Button>,
      ]}
    >
      <div style={{ display: "grid", gap: 16 }}>
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
                if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && ready) onGo();
              }}
            />
          )}
        </Field>
        {error !== null && <Failure act={failing} error={error} retry={onGo} />}
      </div>
    </Modal>
  );
}
