import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { parcels } from "@/api/parcels";
import { isPicture, type PictureKindId } from "@/api/picture-kind";
import type { Remark } from "@/api/types";
import { uploadRecording } from "@/api/upload";
import { DropZone } from "@/components/drop-zone";
import { ParcelList } from "@/components/parcel-list";
import { PictureKindDialog } from "@/components/picture-kind-dialog";
import { useKept } from "@/state/kept";

/** Adds files to an open case; each is sent when it is dropped, pictures once it is said what they show. */
export function AddRecording({ caseId }: { caseId: string }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [files, setFiles] = useState<File[]>([]);
  const [progress, setProgress] = useState<Record<string, number>>({});
  const [failures, setFailures] = useState<Record<string, unknown>>({});
  const [flaws, setFlaws] = useState<Record<string, Remark[]>>({});
  const [asked, setAsked] = useState<File[] | null>(null);
  const [kind, setKind] = useKept<PictureKindId | null>(`picture-kind.${caseId}`, null);

  const take = (added: File[]) => (added.some(isPicture) ? setAsked(added) : void send(added, null));

  const send = async (added: File[], shown: PictureKindId | null) => {
    setFiles(added);
    setFailures({});
    setFlaws({});
    setProgress({});
    for (const parcel of await parcels(added)) {
      try {
        const arrival = await uploadRecording(
          caseId,
          parcel,
          (share) => setProgress((known) => ({ ...known, [parcel.name]: share })),
          shown,
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
      <DropZone label={t("case.addRecording")} hint={t("drop.kinds")} onFiles={take} />
      <ParcelList files={files} progress={progress} failures={failures} flaws={flaws} />
      {asked && (
        <PictureKindDialog
          count={asked.filter(isPicture).length}
          before={kind}
          onClose={() => setAsked(null)}
          onChoose={(chosen) => {
            setKind(chosen);
            setAsked(null);
            void send(asked, chosen);
          }}
        />
      )}
    </div>
  );
}
