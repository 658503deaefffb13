import { useTranslation } from "react-i18next";
import { HeatTool, type Heat } from "../heat-tool";
import { ToolButton } from "../tool-button";
import tools from "../tools.module.css";

interface Props {
  onZoomIn: () => void;
  onZoomOut: () => void;
  onFit: () => void;
  onNative: () => void;
  heat: Heat | null;
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
      {heat && <HeatTool {...heat} />}
      {label && (
        <ToolButton label={t("slide.glass")} shortcut="L" pressed={label.shown} onClick={label.onShow}>
          {t("slide.glass")}
        </ToolButton>
      )}
    </div>
  );
}
