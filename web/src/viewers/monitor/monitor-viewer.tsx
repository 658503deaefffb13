import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { Failure } from "@/components/failure";
import { ToolButton } from "../tool-button";
import tools from "../tools.module.css";
import { prepareCanvas, useSize } from "../use-size";
import { AlarmList } from "./alarm-list";
import { drawMonitor } from "./draw";
import { useAlarms } from "./use-alarms";
import { useMonitor } from "./use-monitor";
import styles from "./monitor.module.css";

interface Props {
  caseId: string;
  /** Shows a recording of the case; null where it has no such. */
  show: (instance: string) => (() => void) | null;
  onEnd: () => void;
}

/** The ECG of a bedside monitor as it comes, its rate, and the alarms that a person must acknowledge. */
export function MonitorViewer({ caseId, show, onEnd }: Props) {
  const { t } = useTranslation();
  const alarms = useAlarms(caseId);
  const monitor = useMonitor(caseId, alarms);
  const { state, signal } = monitor;
  const pane = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const size = useSize(pane);
  const isOver = state === "ended" || state === "lost" || state === "failed";

  useEffect(() => {
    let wanted = 0;
    const draw = () => {
      const pen = canvas.current && size.width ? prepareCanvas(canvas.current, size) : null;
      if (pen && signal.current) drawMonitor(pen, size, signal.current);
      wanted = requestAnimationFrame(draw);
    };
    draw();
    return () => cancelAnimationFrame(wanted);
  }, [size, signal]);

  return (
    <div className={styles.viewer}>
      <div className={tools.bar} role="toolbar" aria-label={t("monitor.tools")}>
        <span className={styles.name}>{monitor.name || t("monitor.title")}</span>
        <span className={isOver ? styles.over : styles.state} role="status">
          {t(`monitor.state.${state}`)}
        </span>
        {monitor.comesAgain && <span className={styles.state}>{t("monitor.comesAgain")}</span>}
        {isOver && (
          <ToolButton label={t("monitor.beginAgain")} onClick={monitor.beginAgain}>
            {t("monitor.beginAgain")}
          </ToolButton>
        )}
        <span className={`${tools.last} ${styles.rate}`} aria-label={t("monitor.rate")}>
          {monitor.rate ?? "–"} <small>{t("ecg.bpmUnit")}</small>
        </span>
        <ToolButton label={t("monitor.close")} onClick={onEnd}>
          {t("monitor.close")}
        </ToolButton>
      </div>
      <AlarmList alarms={alarms} show={show} />
      <div ref={pane} className={`${styles.pane} ${isOver ? styles.stale : ""}`}>
        <canvas ref={canvas} role="img" aria-label={t("monitor.picture", { name: monitor.name })} />
        {alarms.failure !== null && (
          <div className={styles.failure}>
            <Failure act={t("monitor.acknowledge")} error={alarms.failure} />
          </div>
        )}
        {alarms.unknown !== null && alarms.failure === null && (
          <div className={styles.failure}>
            <Failure what={t("monitor.alarmsWhat")} error={alarms.unknown} retry={alarms.refresh} />
          </div>
        )}
        {monitor.failure !== null && alarms.failure === null && alarms.unknown === null && (
          <div className={styles.failure}>
            <Failure what={t("monitor.what")} error={monitor.failure} retry={monitor.beginAgain} />
          </div>
        )}
      </div>
      <p className={styles.note}>{t("monitor.note")}</p>
    </div>
  );
}
