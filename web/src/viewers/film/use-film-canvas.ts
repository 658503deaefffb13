import { useEffect, useRef, type RefObject } from "react";
import type { Size } from "../use-size";
import { resample } from "./resample";
import type { Film } from "./use-film";
import { place, type View } from "./view";
import { paintGrey, toned, type Tone } from "./windowing";

/** More pixels than this a CSS pixel cost time and show nothing. */
const densest = 1.5;

/**
 * Draws the film at the pane's own resolution: resampled when the view changes, windowed anew at each turn
 * of the
 * window. So the work depends on the screen, not on the film, and stays within a frame on an old machine.
 */
export function useFilmCanvas(
  canvas: RefObject<HTMLCanvasElement>,
  film: Film | undefined,
  view: View,
  tone: Tone,
  size: Size,
): void {
  const values = useRef<Float32Array>();
  const drawn = useRef<{ film: Film; view: View; size: Size } | null>(null);
  useEffect(() => {
    if (!film || !size.width || !canvas.current) return;
    const request = requestAnimationFrame(() => {
      const node = canvas.current;
      if (!node) return;
      const ratio = Math.min(densest, window.devicePixelRatio || 1);
      const width = Math.max(1, Math.round(size.width * ratio));
      const height = Math.max(1, Math.round(size.height * ratio));
      const last = drawn.current;
      if (!values.current || last?.film !== film || last.view !== view || last.size !== size) {
        const at = place(view, film.levels[0]!, { width, height });
        values.current = resample(film.levels, at, width, height, values.current);
        drawn.current = { film, view, size };
      }
      if (node.width !== width) node.width = width;
      if (node.height !== height) node.height = height;
      const pen = node.getContext("2d", { alpha: false });
      if (!pen) return;
      const image = pen.createImageData(width, height);
      const inverted = tone.inverted !== (film.info.photometric === "MONOCHROME1");
      paintGrey(values.current, new Uint32Array(image.data.buffer), toned(film.own, tone), inverted);
      pen.putImageData(image, 0, 0);
    });
    return () => cancelAnimationFrame(request);
  }, [canvas, film, view, tone, size]);
}
