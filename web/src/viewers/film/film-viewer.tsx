import { useState } from "react";
import { useTranslation } from "react-i18next";
import { fullViewerUrl } from "@/api/dicomweb";
import { useShortcuts } from "@/state/shortcuts";
import { useEvidence } from "../use-evidence";
import type { ViewerProps } from "../viewer-props";
import { FilmPane } from "./film-pane";
import { FilmTools } from "./film-tools";
import { presetsFor } from "./presets";
import { useFilm } from "./use-film";
import { useReader } from "./use-reader";
import styles from "./film.module.css";

/** A film on a black ground, with what the findings rest on laid over it. */
export default function FilmViewer(props: ViewerProps) {
  const { recording, series, others, onChoose, findings, lit, onLight } = props;
  const { t } = useTranslation();
  const reader = useReader();
  const [beside, setBeside] = useState(false);
  const [wanted, setWanted] = useState(1);
  const frame = Math.min(wanted, recording.frames);
  const loaded = useFilm(recording, frame);
  const { film } = loaded;

  const evidence = useEvidence(findings, lit);
  const presets = presetsFor(recording.modality);
  const choosePreset = (index: number) => {
    const preset = presets[index];
    if (preset && film) reader.setTone(preset.tone(film.own, film.info));
  };
  const spacing = film?.info.spacing ?? null;
  const earlier = others.find((other) => other.kind === "image");
  const measureTool = () => spacing && reader.toggleDrag("measure");

  useShortcuts({
    ...Object.fromEntries(presets.map((_, index) => [String(index + 1), () => choosePreset(index)])),
    r: reader.reset,
    i: () => reader.setTone({ ...reader.tone, inverted: !reader.tone.inverted }),
    h: () => reader.setHeat(!reader.heat),
    l: () => reader.setOutline(!reader.outline),
    m: measureTool,
    w: () => reader.toggleDrag("window"),
    s: () => earlier && setBeside(!beside),
  });

  const overlay = {
    heatMap: reader.heat || evidence.lit?.heat_map ? evidence.heatMap : null,
    outlines: reader.outline || evidence.lit?.regions?.length ? evidence.outlines : [],
  };
  return (
    <div className={styles.viewer}>
      <FilmTools
        reader={reader}
        presets={presets.map((preset) => preset.name)}
        onPreset={choosePreset}
        hasHeat={evidence.withHeat !== undefined}
        hasOutline={evidence.outlines.length > 0}
        spacingKnown={spacing !== null}
        beside={beside}
        onBeside={earlier && (() => setBeside(!beside))}
        image={series.indexOf(recording) + 1}
        images={series.length}
        onImage={(number) => onChoose(series[number - 1]!.instance)}
        frame={frame}
        frames={recording.frames}
        onFrame={setWanted}
        fullViewer={fullViewerUrl(recording)}
      />
      <div className={styles.panes}>
        <FilmPane
          recording={recording}
          loaded={loaded}
          reader={reader}
          overlay={overlay}
          findings={findings}
          heat={evidence.heatMap}
          heatFinding={evidence.withHeat?.id ?? null}
          onLight={onLight}
          label={t("film.label", { title: recording.title })}
        />
        {beside && earlier && <Beside recording={earlier} reader={reader} />}
      </div>
    </div>
  );
}

const nothing = { heatMap: null, outlines: [] };

/** Another film of the case beside this one, moved and windowed together with it. */
function Beside({ recording, reader }: Pick<Parameters<typeof FilmPane>[0], "recording" | "reader">) {
  const { t } = useTranslation();
  const loaded = useFilm(recording, 1);
  return (
    <FilmPane
      recording={recording}
      loaded={loaded}
      reader={reader}
      overlay={nothing}
      findings={[]}
      heat={null}
      heatFinding={null}
      onLight={() => undefined}
      label={t("film.label", { title: recording.title })}
    />
  );
}
