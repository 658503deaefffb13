import { Radio } from "antd";
import { useTranslation } from "react-i18next";
import { pictureKinds, type PictureKindId } from "@/api/picture-kind";
import styles from "./picture-kind-choice.module.css";

interface Props {
  id?: string;
  value: PictureKindId | null;
  onChange: (kind: PictureKindId) => void;
}

/** What PNG and JPEG files show. */
export function PictureKindChoice({ id, value, onChange }: Props) {
  const { t } = useTranslation();
  return (
    <Radio.Group
      id={id}
      className={styles.kinds}
      aria-label={t("pictureKind.question")}
      value={value}
      onChange={(event) => onChange(event.target.value)}
      options={pictureKinds.map((kind) => ({ value: kind.id, label: t(`pictureKind.${kind.id}`) }))}
    />
  );
}
