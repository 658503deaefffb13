import { RobotOutlined } from "@ant-design/icons";
import { useTranslation } from "react-i18next";
import styles from "./draft-word.module.css";

/** The word that stands before everything a machine proposes. */
export function DraftWord() {
  const { t } = useTranslation();
  return (
    <span className={styles.word}>
      <RobotOutlined aria-hidden /> {t("draft.word")}
    </span>
  );
}
