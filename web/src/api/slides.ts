import { getJson } from "./http";
import type { Recording } from "./types";

/** A level of a slide: its own pixels, in squares. The first is the largest. */
export interface SlideLevel {
  width: number;
  height: number;
  tileWidth: number;
  tileHeight: number;
}

export interface Slide {
  version: string;
  width: number;
  height: number;
  /** Millimetres a pixel of the first level; null where the slide does not say. */
  spacing: number | null;
  levels: SlideLevel[];
  container: string;
  /** SOP Instance UIDs. */
  label: string | null;
  overview: string | null;
}

function address(instance: string): string {
  return `/care/slides/${encodeURIComponent(instance)}`;
}

export function getSlide(instance: string, signal?: AbortSignal): Promise<Slide> {
  return getJson<Slide>(address(instance), signal);
}

/** Where the square in that column and row of a level is, from 0. */
export function squareUrl(
  instance: string,
  slide: Slide,
  level: number,
  column: number,
  row: number,
): string {
  return `${address(instance)}/${slide.version}/${level}/${column}/${row}`;
}

/** The picture of the label, or of the whole glass. */
export function sideImageUrl(recording: Recording, instance: string): string {
  return `/dicomweb/studies/${recording.study}/series/${recording.series}/instances/${instance}/rendered?viewport=480,480`;
}
