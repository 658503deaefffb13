import { Button, Input, Radio } from "antd";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { useSearchParams } from "react-router-dom";
import type { PatientMatch } from "@/api/patients";
import type { Priority } from "@/api/types";
import { isPicture, type PictureKindId } from "@/api/picture-kind";
import { DropZone } from "@/components/drop-zone";
import { Failure } from "@/components/failure";
import { Field } from "@/components/field";
import { Page } from "@/components/page";
import { useKept } from "@/state/kept";
import { takePassedFiles } from "@/state/passed-files";
import { ParcelList } from "@/components/parcel-list";
import { PictureKindChoice } from "@/components/picture-kind-choice";
import { PatientPicker } from "./patient-picker";
import { useSending } from "./sending";
import styles from "./new-case.module.css";

const priorities: Priority[] = ["routine", "urgent", "stat"];

/** Whose, why, how urgent, and the files: one page, one button. */
export default function NewCase() {
  const { t } = useTranslation();
  const [parameters] = useSearchParams();
  const kind = parameters.get("kind") === "film" ? "film" : parameters.get("kind") === "ecg" ? "ecg" : "any";
  const [patient, setPatient] = useState<PatientMatch | null>(null);
  const [typed, setTyped, done] = useKept<{ reason: string; priority: Priority }>("new-case", {
    reason: "",
    priority: "routine",
  });
  const [files, setFiles] = useState<File[]>([]);
  useEffect(() => setFiles((chosen) => [...chosen, ...takePassedFiles()]), []);
  const [pictureKind, setPictureKind] = useState<PictureKindId | null>(null);
  const pictures = files.some(isPicture);
  const sending = useSending(done);

  return (
    <Page title={t(`newCase.title.${kind}`)}>
      <div className={styles.sheet}>
        <Field label={t("newCase.patient")}>
          {(id) => (
            <PatientPicker
              id={id}
              chosen={patient}
              onChoose={setPatient}
              wanted={parameters.get("patient")}
            />
          )}
        </Field>
        <Field label={t("newCase.reason")} hint={t("newCase.reasonHint")}>
          {(id) => (
            <Input.TextArea
              id={id}
              autoSize={{ minRows: 2, maxRows: 6 }}
              value={typed.reason}
              onChange={(event) => setTyped({ ...typed, reason: event.target.value })}
            />
          )}
        </Field>
        <Field label={t("newCase.priority")}>
          {(id) => (
            <Radio.Group
              id={id}
              value={typed.priority}
              onChange={(event) => setTyped({ ...typed, priority: event.target.value })}
              options={priorities.map((value) => ({ value, label: t(`priority.${value}`) }))}
            />
          )}
        </Field>
        <DropZone
          label={t("newCase.drop")}
          hint={t("drop.kinds")}
          onFiles={(more) => setFiles([...files, ...more])}
        />
        <ParcelList
          files={files}
          progress={sending.progress}
          failures={sending.failures}
          onRemove={
            sending.busy ? undefined : (gone) => setFiles(files.filter((file) => !gone.includes(file)))
          }
        />
        {pictures && (
          <Field label={t("pictureKind.question")} hint={t("pictureKind.why")}>
            {(id) => <PictureKindChoice id={id} value={pictureKind} onChange={setPictureKind} />}
          </Field>
        )}
        {sending.error !== null && (
          <Failure act={t("newCase.opening")} error={sending.error} retry={() => sending.retry()} />
        )}
        <div className={styles.foot}>
          <Button
            type="primary"
            size="large"
            disabled={!patient || (pictures && !pictureKind)}
            loading={sending.busy}
            onClick={() =>
              patient && sending.start({ patient: patient.id, ...typed, files, kind: pictureKind })
            }
          >
            {t("newCase.open")}
          </Button>
          {!patient && <span className="secondary">{t("newCase.needsPatient")}</span>}
          {patient && pictures && !pictureKind && <span className="secondary">{t("newCase.needsKind")}</span>}
        </div>
      </div>
    </Page>
  );
}
