import { Button, Modal, type ButtonProps } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Failure } from "./failure";

interface Props {
  title: string;
  action: string;
  /** What failed, if it fails: "Rejecting the draft". */
  failing: string;
  busy: boolean;
  error: unknown;
  /** How the button that acts differs from others: dangerous, disabled, focused at first. */
  button?: Pick<ButtonProps, "danger" | "disabled" | "autoFocus">;
  children: ReactNode;
  onGo: () => void;
  onClose: () => void;
}

/** A dialog that does one thing or is cancelled; when the thing fails, it says so and offers to try again. */
export function ActDialog(props: Props) {
  const { t } = useTranslation();
  const { title, action, failing, busy, error, button, children, onGo, onClose } = props;
  return (
    <Modal
      open
      title={title}
      onCancel={onClose}
      footer={[
        <Button key="cancel" onClick={onClose}>
          {t("action.cancel")}
        </Button>,
        <Button key="go" type="primary" {...button} loading={busy} onClick={onGo}>
          {action}
        </Button>,
      ]}
    >
      <div style={{ display: "grid", gap: 16 }}>
        {children}
        {error !== null && <Failure act={failing} error={error} retry={onGo} />}
      </div>
    </Modal>
  );
}
