import { useTranslation } from "react-i18next";
import { HeatTool } from "../heat-tool";
import { ToolButton } from "../tool-button";
import { ToolChoice } from "../tool-choice";
import tools from "../tools.module.css";
import type { PresetName } from "./presets";
import type { Reader } from "./use-reader";

interface Props {
  reader: Reader;
  presets: PresetName[];
  onPreset: (index: number) => void;
  hasHeat: boolean;
  hasOutline: boolean;
  spacingKnown: boolean;
  beside: boolean;
  onBeside?: () => void;
  /** Of the images of its series, from 1. */
  image: number;
  images: number;
  onImage: (image: number) => void;
  frame: number;
  frames: number;
  onFrame: (frame: number) => void;
  /** The study's address in the viewer for radiology. */
  fullViewer: string;
}

export function FilmTools(props: Props) {
  const { reader, presets, onPreset, hasHeat, hasOutline, spacingKnown, beside, onBeside } = props;
  const { t } = useTranslation();
  return (
    <div className={tools.bar} role="toolbar" aria-label={t("film.tools")}>
      <ToolChoice
        label={t("film.presets")}
        value={-1}
        onChange={onPreset}
        options={[
          { value: -1, label: t("film.presets") },
          ...presets.map((name, value) => ({ value, label: `${value + 1} ${t(`film.preset.${name}`)}` })),
        ]}
      />
      <ToolButton
        label={t("film.windowTool")}
        shortcut="W"
        pressed={reader.leftDrag === "window"}
        onClick={() => reader.toggleDrag("window")}
      >
        {t("film.windowTool")}
      </ToolButton>
      <ToolButton
        label={t("film.invert")}
        shortcut="I"
        pressed={reader.tone.inverted}
        onClick={() => reader.setTone({ ...reader.tone, inverted: !reader.tone.inverted })}
      >
        {t("film.invert")}
      </ToolButton>
      <ToolButton label={t("film.reset")} shortcut="R" onClick={reader.reset}>
        {t("film.reset")}
      </ToolButton>
      {hasHeat && (
        <HeatTool
          shown={reader.heat}
          onShow={() => reader.setHeat(!reader.heat)}
          opacity={reader.opacity}
          onOpacity={reader.setOpacity}
        />
      )}
      {hasOutline && (
        <ToolButton
          label={t("film.outline")}
          shortcut="L"
          pressed={reader.outline}
          onClick={() => reader.setOutline(!reader.outline)}
        >
          {t("film.outline")}
        </ToolButton>
      )}
      <ToolButton
        label={t(spacingKnown ? "film.measure" : "film.noSpacing")}
        shortcut="M"
        disabled={!spacingKnown}
        pressed={reader.leftDrag === "measure"}
        onClick={() => reader.toggleDrag("measure")}
      >
        {t("film.measure")}
      </ToolButton>
      {onBeside && (
        <ToolButton label={t("film.beside")} shortcut="S" pressed={beside} onClick={onBeside}>
          {t("film.beside")}
        </ToolButton>
      )}
      <StepChoice
        label={t("film.image", { image: props.image, images: props.images })}
        step={props.image}
        steps={props.images}
        onStep={props.onImage}
      />
      <StepChoice
        label={t("film.frame", { frame: props.frame, frames: props.frames })}
        step={props.frame}
        steps={props.frames}
        onStep={props.onFrame}
      />
      <a
        className={`${tools.button} ${tools.link} ${tools.last}`}
        href={props.fullViewer}
        target="_blank"
        rel="noopener"
      >
        {t("film.fullViewer")}
      </a>
    </div>
  );
}

interface Steps {
  label: string;
  step: number;
  steps: number;
  onStep: (step: number) => void;
}

function StepChoice({ label, step, steps, onStep }: Steps) {
  if (steps <= 1) return null;
  return (
    <input
      type="range"
      className={tools.range}
      min={1}
      max={steps}
      value={step}
      aria-label={label}
      title={label}
      onChange={(event) => onStep(Number(event.target.value))}
    />
  );
}
