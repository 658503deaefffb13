import { CheckCircleFilled, DeleteOutlined, WarningOutlined } from "@ant-design/icons";
import { Button, Progress } from "antd";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { parcels, type Parcel } from "@/api/parcels";
import type { Remark } from "@/api/types";
import { printBytes } from "@/format/bytes";
import { Remarks } from "./remarks";
import styles from "./parcel-list.module.css";

interface Props {
  files: File[];
  /** The share sent of each parcel by its name. */
  progress: Record<string, number>;
  failures: Record<string, unknown>;
  /** What is damaged, unusual or was not read in what arrived. */
  flaws?: Record<string, Remark[]>;
  onRemove?: (files: File[]) => void;
}

/** Grouped once the headers among the files are read. */
function useParcels(files: File[]): Parcel[] {
  const [grouped, setGrouped] = useState<Parcel[]>([]);
  useEffect(() => {
    let wanted = true;
    void parcels(files).then((found) => wanted && setGrouped(found));
    return () => {
      wanted = false;
    };
  }, [files]);
  return grouped;
}

/** The files to be sent, with how far each has come and what went wrong with which. */
export function ParcelList({ files, progress, failures, flaws, onRemove }: Props) {
  const { t } = useTranslation();
  const parcelsOf = useParcels(files);
  if (!files.length) return null;
  return (
    <ul className={styles.list} aria-label={t("drop.files")}>
      {parcelsOf.map((parcel) => {
        const share = progress[parcel.name] ?? 0;
        const bytes = parcel.files.reduce((sum, file) => sum + file.size, 0);
        return (
          <li key={parcel.name} className={styles.parcel}>
            <span className={styles.name}>
              {parcel.name} <span className="secondary">{printBytes(bytes)}</span>
              {parcel.files.length > 1 && (
                <span className="secondary"> {t("drop.together", { count: parcel.files.length })}</span>
              )}
            </span>
            {failures[parcel.name] !== undefined ? (
              <span className={styles.failed}>
                <WarningOutlined aria-hidden /> {String((failures[parcel.name] as Error).message)}
              </span>
            ) : share >= 1 ? (
              <span className={styles.arrived}>
                <CheckCircleFilled aria-hidden /> {t("drop.arrived")}
              </span>
            ) : share > 0 ? (
              <Progress percent={Math.round(share * 100)} size="small" aria-label={parcel.name} />
            ) : (
              onRemove && (
                <Button
                  type="text"
                  icon={<DeleteOutlined aria-hidden />}
                  aria-label={t("drop.remove", { name: parcel.name })}
                  onClick={() => onRemove(parcel.files)}
                />
              )
            )}
            <Remarks remarks={flaws?.[parcel.name] ?? []} className={styles.flaws} />
          </li>
        );
      })}
    </ul>
  );
}
