import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router-dom";
import type { LiveSource, LiveTrack } from "@/api/live";
import { DraftWord } from "@/components/draft-word";
import { Failure } from "@/components/failure";
import { printProbability } from "@/format/probability";
import { useLanguage } from "@/locales/use-language";
import { useShortcuts } from "@/state/shortcuts";
import { drawOutlines } from "../film/overlay";
import { place, wholeFilm } from "../film/view";
import { ToolButton } from "../tool-button";
import tools from "../tools.module.css";
import { prepareCanvas, useSize } from "../use-size";
import { KeyFrames } from "./key-frames";
import styles from "./live.module.css";
import { useLive } from "./use-live";

interface Props {
  caseId: string;
  source: LiveSource;
  onKept: () => void;
  /** Takes a sentence into the report; none: it may not be written. */
  onReport?: (sentence: string) => void;
  onEnd: () => void;
}

/** A moving picture with what the assistant outlines on it; frames can be kept in the case. */
export function LiveViewer({ caseId, source, onKept, onReport, onEnd }: Props) {
  const { t } = useTranslation();
  const { local } = useLanguage();
  const live = useLive(caseId, source.id, onKept);
  const name = local(source.name);
  const pane = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const size = useSize(pane);
  const { shown, failure } = live;
  const isOver = live.state === "ended" || live.state === "failed" || live.state === "lost";
  useShortcuts({ k: (press) => !press.repeat && live.keep() });

  const describe = (track: LiveTrack) =>
    `${track.id}  ${t("draft.word")} ${printProbability(track.confidence)}`;

  useEffect(() => {
    const pen = canvas.current && prepareCanvas(canvas.current, size);
    if (!pen) return;
    pen.clearRect(0, 0, size.width, size.height);
    if (!shown) return;
    const { frame, picture } = shown;
    const at = place(wholeFilm, frame, size);
    pen.drawImage(picture, at.left, at.top, frame.width * at.scale, frame.height * at.scale);
    drawOutlines(
      pen,
      frame.tracks.flatMap((track) => [
        { label: describe(track), polygon: track.outline, lit: true },
        { label: "", polygon: corners(track.box), lit: false },
      ]),
      at,
    );
  });

  return (
    <div className={styles.viewer}>
      <div className={tools.bar} role="toolbar" aria-label={t("live.tools")}>
        <span className={styles.name}>{name}</span>
        <span className={styles.state} role="status">
          {t(`live.state.${live.state}`)}
        </span>
        <ToolButton
          label={t("live.keep")}
          shortcut="K"
          disabled={live.state !== "running"}
          onClick={() => live.keep()}
        >
          {t("live.keep")}
        </ToolButton>
        <ToolButton label={t("live.propose")} disabled={live.state !== "running"} onClick={live.propose}>
          {t("live.propose")}
        </ToolButton>
        {isOver && (
          <ToolButton label={t("live.beginAgain")} onClick={live.beginAgain}>
            {t("live.beginAgain")}
          </ToolButton>
        )}
        <span aria-live="polite">{live.kept.length > 0 && t("live.kept", { count: live.kept.length })}</span>
        <span className={styles.assistant}>
          <DraftWord />{" "}
          <Link to={`/assistants/${encodeURIComponent(source.assistant.id)}`} title={t("draft.card")}>
            {local(source.assistant.title)} {source.assistant.version}
          </Link>
        </span>
        <span className={`${tools.last} ${styles.numbers}`}>
          {shown &&
            t("live.numbers", {
              rate: live.rate,
              delay: Math.round(shown.frame.delay * 1000),
            })}
        </span>
        <ToolButton label={t("live.end")} onClick={onEnd}>
          {t("live.end")}
        </ToolButton>
      </div>
      <div ref={pane} className={styles.pane}>
        <canvas ref={canvas} role="img" aria-label={t("live.picture", { name })} />
        {failure && (
          <div className={styles.failure}>
            <Failure
              act={t(`live.act.${failure.act}`)}
              error={failure.error}
              retry={isOver ? live.beginAgain : undefined}
            />
          </div>
        )}
      </div>
      <KeyFrames
        frames={live.proposed}
        kept={live.kept}
        onKeep={live.keep}
        onDrop={live.drop}
        onList={onReport}
      />
    </div>
  );
}

function corners([left, top, right, bottom]: LiveTrack["box"]): [number, number][] {
  return [
    [left, top],
    [right, top],
    [right, bottom],
    [left, bottom],
  ];
}
