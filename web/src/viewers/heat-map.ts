import { useEffect, useState } from "react";
import type { Evidence } from "@/api/types";

export interface HeatMap {
  /** Coloured, see-through where the map is cold. */
  picture: HTMLCanvasElement;
  width: number;
  height: number;
  /** 0 to 1 at shares of the film's width and height. */
  heatAt: (x: number, y: number) => number;
}

/** From nothing over violet to pale yellow, rising in lightness, so that it also reads without colour. */
function colour(heat: number): [number, number, number, number] {
  const stops: [number, number, number][] = [
    [60, 20, 120],
    [170, 50, 130],
    [240, 120, 60],
    [255, 240, 160],
  ];
  const at = Math.min(stops.length - 1.001, heat * (stops.length - 1));
  const low = stops[Math.floor(at)]!;
  const high = stops[Math.floor(at) + 1]!;
  const part = at - Math.floor(at);
  const mix = (index: 0 | 1 | 2) => low[index] + (high[index] - low[index]) * part;
  return [mix(0), mix(1), mix(2), 255 * Math.min(1, heat * 1.6)];
}

function isGrey(data: Uint8ClampedArray): boolean {
  for (let at = 0; at < data.length; at += 4) {
    if (data[at] !== data[at + 1] || data[at] !== data[at + 2]) return false;
  }
  return true;
}

/** A grey map is coloured here; a map that comes coloured is shown as it is, its opacity being its heat. */
function colourize(image: HTMLImageElement, width: number, height: number): HeatMap {
  const picture = document.createElement("canvas");
  picture.width = width;
  picture.height = height;
  const pen = picture.getContext("2d", { willReadFrequently: true })!;
  pen.drawImage(image, 0, 0, width, height);
  const pixels = pen.getImageData(0, 0, width, height);
  const heat = new Float32Array(width * height);
  const grey = isGrey(pixels.data);
  for (let at = 0; at < heat.length; at += 1) {
    heat[at] = (pixels.data[4 * at + (grey ? 0 : 3)] ?? 0) / 255;
    if (grey) pixels.data.set(colour(heat[at]!), 4 * at);
  }
  pen.putImageData(pixels, 0, 0);
  const heatAt = (x: number, y: number) => {
    if (x < 0 || y < 0 || x >= 1 || y >= 1) return 0;
    return heat[Math.floor(y * height) * width + Math.floor(x * width)] ?? 0;
  };
  return { picture, width, height, heatAt };
}

/** The heat map of a finding's evidence, ready to be laid over the film. */
export function useHeatMap(evidence: Evidence["heat_map"]): HeatMap | null {
  const [map, setMap] = useState<HeatMap | null>(null);
  useEffect(() => {
    setMap(null);
    if (!evidence) return;
    const image = new Image();
    let wanted = true;
    image.onload = () => wanted && setMap(colourize(image, image.naturalWidth, image.naturalHeight));
    image.src = `data:image/png;base64,${evidence.png}`;
    return () => {
      wanted = false;
    };
  }, [evidence]);
  return map;
}
