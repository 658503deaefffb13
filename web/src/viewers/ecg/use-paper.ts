import { useMemo, useState } from "react";
import type { Recording } from "@/api/types";
import { useScreenScale } from "../screen-scale";
import type { Size } from "../use-size";
import { hasTwelveLeads, standardSheet, stripSheet, type Layout } from "./layout";

/** Pixels a millimetre below which a trace cannot be read: a phone scrolls sideways instead. */
const readable = 2.2;
const zooms = [0.5, 0.7, 1, 1.4, 2, 2.8, 4];

/** How the ECG is laid out and how large it is: the settings of the viewer's bar. */
export function usePaper(recording: Recording, size: Size) {
  const twelve = hasTwelveLeads(recording.leads);
  const [layout, setLayout] = useState<Layout>(twelve ? "standard" : "strips");
  const [speed, setSpeed] = useState(25);
  const [gain, setGain] = useState(10);
  const [zoom, setZoom] = useState(1);
  const [from, setFrom] = useState(0);
  const [screen, measureScreen] = useScreenScale();

  const { sheet, scale } = useMemo(() => {
    if (layout === "standard") {
      const page = standardSheet(recording.leads, speed, recording.seconds);
      const fit = Math.max(readable, size.width / page.width);
      return { sheet: page, scale: fit * zoom };
    }
    const pixels = screen.pixelsPerMm * zoom;
    return {
      sheet: stripSheet(recording.leads, speed, recording.seconds, size.width / pixels),
      scale: pixels,
    };
  }, [layout, recording, speed, size.width, zoom, screen.pixelsPerMm]);

  const latest = Math.max(0, recording.seconds - sheet.seconds);
  const goTo = (seconds: number) => setFrom(Math.max(0, Math.min(latest, seconds)));
  const step = (by: 1 | -1) => {
    const at = zooms.findIndex((one) => one >= zoom);
    setZoom(zooms[Math.max(0, Math.min(zooms.length - 1, at + by))]!);
  };
  return {
    twelve,
    layout,
    setLayout,
    speed,
    setSpeed,
    gain,
    setGain,
    zoom,
    zoomIn: () => step(1),
    zoomOut: () => step(-1),
    fit: () => setZoom(1),
    from: Math.min(from, latest),
    goTo,
    scrolls: latest > 0,
    sheet,
    scale,
    screen,
    measureScreen,
  };
}

export type PaperSettings = ReturnType<typeof usePaper>;
