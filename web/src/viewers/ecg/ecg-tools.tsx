import { useTranslation } from "react-i18next";
import { ToolButton } from "../tool-button";
import { ToolChoice } from "../tool-choice";
import tools from "../tools.module.css";
import { ScreenMeasure } from "./screen-measure";
import type { PaperSettings } from "./use-paper";

interface Props {
  paper: PaperSettings;
  calipers: boolean;
  onCalipers: (on: boolean) => void;
  marked: boolean;
  onMarked: (on: boolean) => void;
  hasBeats: boolean;
}

/** The bar over the paper. */
export function EcgTools({ paper, calipers, onCalipers, marked, onMarked, hasBeats }: Props) {
  const { t } = useTranslation();
  const size = Math.round((paper.scale / paper.screen.pixelsPerMm) * 100);
  return (
    <div className={tools.bar} role="toolbar" aria-label={t("ecg.tools")}>
      {paper.twelve && (
        <ToolChoice
          label={t("ecg.layout")}
          value={paper.layout}
          onChange={paper.setLayout}
          options={[
            { value: "standard", label: t("ecg.standard") },
            { value: "strips", label: t("ecg.strips") },
          ]}
        />
      )}
      <ToolChoice
        label={t("ecg.speed")}
        value={paper.speed}
        onChange={paper.setSpeed}
        options={[12.5, 25, 50].map((value) => ({ value, label: `${value} mm/s` }))}
      />
      <ToolChoice
        label={t("ecg.gain")}
        value={paper.gain}
        onChange={paper.setGain}
        options={[5, 10, 20].map((value) => ({ value, label: `${value} mm/mV` }))}
      />
      <ToolButton label={t("viewer.zoomOut")} shortcut="-" onClick={paper.zoomOut}>
        −
      </ToolButton>
      <ToolButton label={t("viewer.fit")} shortcut="0" onClick={paper.fit}>
        {Math.round(paper.zoom * 100)} %
      </ToolButton>
      <ToolButton label={t("viewer.zoomIn")} shortcut="+" onClick={paper.zoomIn}>
        +
      </ToolButton>
      <ToolButton
        label={t("ecg.calipers")}
        shortcut="C"
        pressed={calipers}
        onClick={() => onCalipers(!calipers)}
      >
        {t("ecg.calipers")}
      </ToolButton>
      {hasBeats && (
        <ToolButton label={t("ecg.beats")} shortcut="B" pressed={marked} onClick={() => onMarked(!marked)}>
          {t("ecg.beats")}
        </ToolButton>
      )}
      <ScreenMeasure screen={paper.screen} percent={size} onMeasure={paper.measureScreen} />
    </div>
  );
}
