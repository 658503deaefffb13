import { useTranslation } from "react-i18next";
import type { Recording } from "@/api/types";
import { modalityKey } from "@/format/modality";
import { exactTime } from "@/format/time";
import { useShortcuts } from "@/state/shortcuts";
import { bySeries } from "./series";
import styles from "./recording-tabs.module.css";

interface Props {
  recordings: Recording[];
  chosen: Recording;
  onChoose: (instance: string) => void;
}

/** A tab for each recording or series of images; Alt with the arrows goes to the one before or after. */
export function RecordingTabs({ recordings, chosen, onChoose }: Props) {
  const { t } = useTranslation();
  const groups = bySeries(recordings);
  const go = (by: number) => () => {
    const next = groups[groups.findIndex((group) => group.includes(chosen)) + by];
    if (next) onChoose(next[0]!.instance);
  };
  useShortcuts({ "Alt+ArrowLeft": go(-1), "Alt+ArrowRight": go(1) });
  return (
    <div className={styles.tabs} role="group" aria-label={t("case.recordings")}>
      {groups.map((group) => {
        const [first] = group as [Recording];
        return (
          <button
            key={first.instance}
            type="button"
            className={styles.tab}
            aria-pressed={group.includes(chosen)}
            onClick={() => onChoose(first.instance)}
          >
            {first.title || t(`modality.${modalityKey(first.modality)}`)}{" "}
            <span className={styles.at}>{exactTime(new Date(first.at))}</span>
            {group.length > 1 && first.kind === "image" && <> {t("case.images", { count: group.length })}</>}
          </button>
        );
      })}
    </div>
  );
}
