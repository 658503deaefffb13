import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { parcels } from "@/api/parcels";
import type { Remark } from "@/api/types";
import { uploadRecording } from "@/api/upload";
import { DropZone } from "@/components/drop-zone";
import { ParcelList } from "@/components/parcel-list";

/** Adds files to a case that is open already; each is sent as soon as it is dropped. */
export function AddRecording({ caseId }: { caseId: string }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [files, setFiles] = useState<File[]>([]);
  const [progress, setProgress] = useState<Record<string, number>>({});
  const [failures, setFailures] = useState<Record<string, unknown>>({});
  const [flaws, setFlaws] = useState<Record<string, Remark[]>>({});

  const send = async (added: File[]) => {
    setFiles(added);
    setFailures({});
    setFlaws({});
    setProgress({});
    for (const parcel of await parcels(added)) {
      try {
        const arrival = await uploadRecording(caseId, parcel, (share) =>
          setProgress((known) => ({ ...known, [parcel.name]: share })),
        );
        setFlaws((known) => ({ ...known, [parcel.name]: arrival.flaws }));
      } catch (reason) {
        setFailures((known) => ({ ...known, [parcel.name]: reason }));
      }
    }
    await client.invalidateQueries({ queryKey: ["case", caseId] });
  };

  return (
    <div style={{ padding: 8 }}>
      <DropZone label={t("case.addRecording")} hint={t("drop.kinds")} onFiles={(added) => void send(added)} />
      <ParcelList files={files} progress={progress} failures={failures} flaws={flaws} />
    </div>
  );
}
