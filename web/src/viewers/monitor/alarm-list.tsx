import { AlertOutlined } from "@ant-design/icons";
import { useTranslation } from "react-i18next";
import type { MonitorAlarm } from "@/api/monitor";
import { RelativeTime } from "@/components/relative-time";
import { useLanguage } from "@/locales/use-language";
import type { Alarms } from "./use-alarms";
import styles from "./monitor.module.css";

interface Props {
  alarms: Alarms;
  /** Shows the seconds around an alarm; null where the case does not have them. */
  show: (strip: string) => (() => void) | null;
}

/** Alarms that a person must acknowledge, and below them those that somebody has. */
export function AlarmList({ alarms, show }: Props) {
  const { t } = useTranslation();
  const { local } = useLanguage();
  const line = (alarm: MonitorAlarm) => (
    <>
      <AlertOutlined aria-hidden />
      <span className={styles.words}>
        <strong>{local(alarm.text)}</strong> · <RelativeTime at={alarm.at} /> · {t("draft.word")}
        {alarm.acknowledgedBy && ` · ${t("monitor.acknowledgedBy", { name: alarm.acknowledgedBy })}`}
      </span>
      <StripButton shown={alarm.strip ? show(alarm.strip) : null} />
    </>
  );
  return (
    <>
      {alarms.open.length > 0 && (
        <ul className={styles.alarms} aria-label={t("monitor.alarms")} aria-live="assertive">
          {alarms.open.map((alarm) => (
            <li key={alarm.id} className={alarm.urgency === "emergency" ? styles.urgent : styles.today}>
              {line(alarm)}
              <button
                type="button"
                className={styles.acknowledge}
                onClick={() => alarms.acknowledge(alarm.id)}
              >
                {t("monitor.acknowledge")}
              </button>
            </li>
          ))}
        </ul>
      )}
      {alarms.past.length > 0 && (
        <details className={styles.past}>
          <summary>{t("monitor.past", { count: alarms.past.length })}</summary>
          <ul className={styles.alarms} aria-label={t("monitor.pastList")}>
            {alarms.past.map((alarm) => (
              <li key={alarm.id}>{line(alarm)}</li>
            ))}
          </ul>
        </details>
      )}
    </>
  );
}

function StripButton({ shown }: { shown: (() => void) | null }) {
  const { t } = useTranslation();
  if (!shown) return null;
  return (
    <button type="button" className={styles.acknowledge} onClick={shown}>
      {t("monitor.strip")}
    </button>
  );
}
