import OpenSeadragon from "openseadragon";
import { useEffect } from "react";
import type { Slide } from "@/api/slides";
import type { HeatMap } from "../heat-map";
import type { Outline } from "../use-evidence";

/** Lays an element over the whole slide, for as long as it is given. */
export function useOverlay(
  viewer: OpenSeadragon.Viewer | null,
  slide: Slide | undefined,
  element: HTMLElement | null,
) {
  useEffect(() => {
    if (!viewer || !slide || !element) return;
    viewer.addOverlay({ element, location: new OpenSeadragon.Rect(0, 0, 1, slide.height / slide.width) });
    return () => {
      if (viewer.isOpen()) viewer.removeOverlay(element);
    };
  }, [viewer, slide, element]);
}

/** The heat map's picture as an element of its own, since an overlay is moved and sized by its viewer. */
export function heatElement(map: HeatMap | null, opacity: number): HTMLElement | null {
  if (!map) return null;
  map.picture.style.opacity = String(opacity);
  map.picture.style.pointerEvents = "none";
  return map.picture;
}

const svg = "http://www.w3.org/2000/svg";

/** Outlines in pixels of the slide, their lines as thick on every magnification. */
export function outlineElement(
  outlines: Outline[],
  slide: Slide | undefined,
  colour: string,
): HTMLElement | null {
  if (!outlines.length || !slide) return null;
  const holder = document.createElement("div");
  holder.style.pointerEvents = "none";
  const drawing = document.createElementNS(svg, "svg");
  drawing.setAttribute("viewBox", `0 0 ${slide.width} ${slide.height}`);
  drawing.setAttribute("width", "100%");
  drawing.setAttribute("height", "100%");
  drawing.setAttribute("aria-hidden", "true");
  for (const { polygon, lit } of outlines) {
    const line = document.createElementNS(svg, "polygon");
    line.setAttribute("points", polygon.map(([x, y]) => `${x},${y}`).join(" "));
    line.setAttribute("fill", "none");
    line.setAttribute("stroke", colour);
    line.setAttribute("stroke-width", lit ? "3" : "1.5");
    line.setAttribute("stroke-dasharray", "6 4");
    line.setAttribute("vector-effect", "non-scaling-stroke");
    drawing.append(line);
  }
  holder.append(drawing);
  return holder;
}
