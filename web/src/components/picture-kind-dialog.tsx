import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { PictureKindId } from "@/api/picture-kind";
import { ActDialog } from "./act-dialog";
import { PictureKindChoice } from "./picture-kind-choice";

interface Props {
  count: number;
  /** What was chosen for this case before. */
  before: PictureKindId | null;
  onChoose: (kind: PictureKindId) => void;
  onClose: () => void;
}

/** Asks what pictures show before they are sent. */
export function PictureKindDialog({ count, before, onChoose, onClose }: Props) {
  const { t } = useTranslation();
  const [kind, setKind] = useState<PictureKindId | null>(before);
  return (
    <ActDialog
      title={t("pictureKind.title", { count })}
      action={t("pictureKind.send")}
      failing=""
      busy={false}
      error={null}
      button={{ disabled: !kind, autoFocus: !!kind }}
      onGo={() => kind && onChoose(kind)}
      onClose={onClose}
    >
      <PictureKindChoice value={kind} onChange={setKind} />
    </ActDialog>
  );
}
