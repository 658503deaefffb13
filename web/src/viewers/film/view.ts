// What part of a film is seen. A view is kept free of pixels, so that two panes of different size can share
// one.

import type { Size } from "../use-size";

export interface View {
  /** 1: the whole film fits. */
  zoom: number;
  /** The film's point at the pane's centre, as shares of its width and height. */
  x: number;
  y: number;
}

export const wholeFilm: View = { zoom: 1, x: 0.5, y: 0.5 };

const most = 16;

/** From film pixels to pane pixels: pane = offset + film * scale. */
export interface Placement {
  scale: number;
  left: number;
  top: number;
}

export function place(view: View, film: Size, pane: Size): Placement {
  const fit = Math.min(pane.width / film.width, pane.height / film.height);
  const scale = fit * view.zoom;
  return {
    scale,
    left: pane.width / 2 - view.x * film.width * scale,
    top: pane.height / 2 - view.y * film.height * scale,
  };
}

/** Zooms by a factor so that the point of the pane stays where it is. */
export function zoomAt(
  view: View,
  factor: number,
  point: { x: number; y: number },
  film: Size,
  pane: Size,
): View {
  const zoom = Math.max(0.5, Math.min(most, view.zoom * factor));
  const before = place(view, film, pane);
  const x = (point.x - before.left) / before.scale;
  const y = (point.y - before.top) / before.scale;
  const scale = (before.scale / view.zoom) * zoom;
  return {
    zoom,
    x: (x - (point.x - pane.width / 2) / scale) / film.width,
    y: (y - (point.y - pane.height / 2) / scale) / film.height,
  };
}

/** Moves the film by pane pixels; its centre stays on it. */
export function pan(view: View, dx: number, dy: number, film: Size, pane: Size): View {
  const { scale } = place(view, film, pane);
  const within = (share: number) => Math.max(0, Math.min(1, share));
  return {
    zoom: view.zoom,
    x: within(view.x - dx / scale / film.width),
    y: within(view.y - dy / scale / film.height),
  };
}

/** The length in millimetres between two points of the film. */
export function lengthMm(
  from: { x: number; y: number },
  to: { x: number; y: number },
  spacing: [number, number],
): number {
  return Math.hypot((to.x - from.x) * spacing[1], (to.y - from.y) * spacing[0]);
}
