import { useTranslation } from "react-i18next";
import { ToolButton } from "../tool-button";
import tools from "../tools.module.css";

interface Props {
  onZoomIn: () => void;
  onZoomOut: () => void;
  onFit: () => void;
  onNative: () => void;
  heat: { shown: boolean; onShow: () => void; opacity: number; onOpacity: (opacity: number) => void } | null;
  label: { shown: boolean; onShow: () => void } | null;
}

export function SlideTools({ onZoomIn, onZoomOut, onFit, onNative, heat, label }: Props) {
  const { t } = useTranslation();
  return (
    <div className={tools.bar} role="toolbar" aria-label={t("slide.tools")}>
      <ToolButton label={t("viewer.zoomIn")} shortcut="+" onClick={onZoomIn}>
        +
      </ToolButton>
      <ToolButton label={t("viewer.zoomOut")} shortcut="-" onClick={onZoomOut}>
        −
      </ToolButton>
      <ToolButton label={t("viewer.fit")} shortcut="0" onClick={onFit}>
        {t("viewer.fit")}
      </ToolButton>
      <ToolButton label={t("slide.native")} shortcut="1" onClick={onNative}>
        1:1
      </ToolButton>
      {heat && (
        <ToolButton label={t("film.heat")} shortcut="H" pressed={heat.shown} onClick={heat.onShow}>
          {t("film.heat")}
        </ToolButton>
      )}
      {heat?.shown && (
        <input
          type="range"
          className={tools.range}
          min={0.1}
          max={1}
          step={0.05}
          value={heat.opacity}
          aria-label={t("film.opacity")}
          title={t("film.opacity")}
          onChange={(event) => heat.onOpacity(Number(event.target.value))}
        />
      )}
      {label && (
        <ToolButton label={t("slide.glass")} shortcut="L" pressed={label.shown} onClick={label.onShow}>
          {t("slide.glass")}
        </ToolButton>
      )}
    </div>
  );
}
