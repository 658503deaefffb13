import { useTranslation } from "react-i18next";
import type { Queue, Worklist } from "@/api/types";
import styles from "./queue-tabs.module.css";

interface Props {
  queue: Queue;
  counts: Worklist["counts"] | undefined;
  onChange: (queue: Queue) => void;
}

const queues: { queue: Queue; count: keyof Worklist["counts"] }[] = [
  { queue: "waiting", count: "waiting" },
  { queue: "urgent", count: "urgent" },
  { queue: "mine", count: "mine" },
  { queue: "signed", count: "signedToday" },
];

/** The four queues with how many wait in each. */
export function QueueTabs({ queue, counts, onChange }: Props) {
  const { t } = useTranslation();
  return (
    <div className={styles.tabs} role="group" aria-label={t("worklist.queues")}>
      {queues.map((tab) => (
        <button
          key={tab.queue}
          type="button"
          aria-pressed={queue === tab.queue}
          className={`${styles.tab} ${tab.queue === "urgent" && counts?.urgent ? styles.urgent : ""}`}
          onClick={() => onChange(tab.queue)}
        >
          {t(`worklist.queue.${tab.queue}`)} <b className={styles.count}>{counts?.[tab.count] ?? "–"}</b>
        </button>
      ))}
    </div>
  );
}
