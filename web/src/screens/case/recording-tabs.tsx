import { useTranslation } from "react-i18next";
import type { Recording } from "@/api/types";
import { modalityKey } from "@/format/modality";
import { exactTime } from "@/format/time";
import { useShortcuts } from "@/state/shortcuts";
import styles from "./recording-tabs.module.css";

interface Props {
  recordings: Recording[];
  chosen: Recording;
  onChoose: (instance: string) => void;
}

/** A tab for each recording; Alt with the arrows goes to the one before or after. */
export function RecordingTabs({ recordings, chosen, onChoose }: Props) {
  const { t } = useTranslation();
  const go = (by: number) => () => {
    const next = recordings[recordings.indexOf(chosen) + by];
    if (next) onChoose(next.instance);
  };
  useShortcuts({ "Alt+ArrowLeft": go(-1), "Alt+ArrowRight": go(1) });
  return (
    <div className={styles.tabs} role="group" aria-label={t("case.recordings")}>
      {recordings.map((recording) => (
        <button
          key={recording.instance}
          type="button"
          className={styles.tab}
          aria-pressed={recording === chosen}
          onClick={() => onChoose(recording.instance)}
        >
          {recording.title || t(`modality.${modalityKey(recording.modality)}`)}{" "}
          <span className={styles.at}>{exactTime(new Date(recording.at))}</span>
        </button>
      ))}
    </div>
  );
}
