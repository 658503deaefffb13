import { Button } from "antd";
import { useTranslation } from "react-i18next";
import type { ProposedFrame } from "@/api/live";
import { printProbability } from "@/format/probability";
import styles from "./key-frames.module.css";

interface Props {
  frames: ProposedFrame[];
  /** Numbers of those that are in the case. */
  kept: number[];
  onKeep: (number: number) => void;
  onDrop: (number: number) => void;
  /** Puts a sentence that names the kept ones into the report; none: it may not be written. */
  onList?: (sentence: string) => void;
}

/** The frames that show best what was followed; a person keeps or drops each. */
export function KeyFrames({ frames, kept, onKeep, onDrop, onList }: Props) {
  const { t } = useTranslation();
  const describe = (frame: ProposedFrame) =>
    t("live.frameAt", { at: clock(frame.seconds), confidence: printProbability(frame.track.confidence) });
  const list = frames.filter((frame) => kept.includes(frame.number)).map(describe);
  if (!frames.length) return null;
  return (
    <section className={styles.strip} aria-label={t("live.proposed")}>
      <p className={styles.head}>
        <b>{t("live.proposed")}</b> <span>{t("live.proposedHint")}</span>
        {onList && list.length > 0 && (
          <Button size="small" onClick={() => onList(t("live.keyFrames", { list: list.join(t("comma")) }))}>
            {t("live.listFrames")}
          </Button>
        )}
      </p>
      <ul className={styles.frames}>
        {frames.map((frame) => (
          <li key={frame.number} className={styles.frame}>
            <img src={`data:image/jpeg;base64,${frame.picture}`} alt={describe(frame)} />
            <span className={styles.at}>{describe(frame)}</span>
            <span>
              <Button
                size="small"
                type="primary"
                disabled={kept.includes(frame.number)}
                onClick={() => onKeep(frame.number)}
              >
                {t("live.keepFrame")}
              </Button>{" "}
              {!kept.includes(frame.number) && (
                <Button size="small" onClick={() => onDrop(frame.number)}>
                  {t("live.dropFrame")}
                </Button>
              )}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Minutes and seconds from the beginning: 0:07. */
function clock(seconds: number): string {
  return `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;
}
