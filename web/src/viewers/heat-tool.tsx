import { useTranslation } from "react-i18next";
import { ToolButton } from "./tool-button";
import tools from "./tools.module.css";

export interface Heat {
  shown: boolean;
  onShow: () => void;
  /** Of the map over the picture, 0.1 to 1. */
  opacity: number;
  onOpacity: (opacity: number) => void;
}

/** Shows the heat map of the findings, and how strongly. */
export function HeatTool({ shown, onShow, opacity, onOpacity }: Heat) {
  const { t } = useTranslation();
  return (
    <>
      <ToolButton label={t("film.heat")} shortcut="H" pressed={shown} onClick={onShow}>
        {t("film.heat")}
      </ToolButton>
      {shown && (
        <input
          type="range"
          className={tools.range}
          min={0.1}
          max={1}
          step={0.05}
          value={opacity}
          aria-label={t("film.opacity")}
          title={t("film.opacity")}
          onChange={(event) => onOpacity(Number(event.target.value))}
        />
      )}
    </>
  );
}
