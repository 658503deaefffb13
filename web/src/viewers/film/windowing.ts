import type { ImageInfo } from "@/api/dicomweb";
import { percentiles, type Plane } from "./pixels";

/** A window in stored values. */
export interface Window {
  center: number;
  width: number;
}

/**
 * How far the reader has turned the film's own window: shift in widths, stretch as a factor. Two films side
 * by side
 * share a tone though their values differ.
 */
export interface Tone {
  shift: number;
  stretch: number;
  inverted: boolean;
}

export const asAcquired: Tone = { shift: 0, stretch: 1, inverted: false };

/** The film's window in stored values: the one it carries, else from its 1st to its 99th percentile. */
export function ownWindow(info: ImageInfo, plane: Plane): Window {
  if (info.windowCenter !== null && info.windowWidth !== null && info.windowWidth >= 1) {
    const slope = info.slope || 1;
    return {
      center: (info.windowCenter - info.intercept) / slope,
      width: info.windowWidth / Math.abs(slope),
    };
  }
  const [low = 0, high = 1] = percentiles(plane, [0.01, 0.99]);
  return { center: (low + high) / 2, width: Math.max(1, high - low) };
}

export function toned(own: Window, tone: Tone): Window {
  return { center: own.center + tone.shift * own.width, width: Math.max(1, own.width * tone.stretch) };
}

/** The tone that shows a window given in the values of the modality (Hounsfield units for CT). */
export function toneOf(window: Window, own: Window, info: ImageInfo): Tone {
  const slope = info.slope || 1;
  const center = (window.center - info.intercept) / slope;
  return {
    shift: (center - own.center) / own.width,
    stretch: window.width / Math.abs(slope) / own.width,
    inverted: false,
  };
}

/** Grey 0 to 255 of a stored value: the LINEAR function of PS3.3 C.11.2.1.2.1. */
export function grey(value: number, { center, width }: Window): number {
  const share = (value - (center - 0.5)) / Math.max(1, width - 1) + 0.5;
  return share <= 0 ? 0 : share >= 1 ? 255 : share * 255;
}

/** Writes resampled values as opaque grey pixels; what lies beside the film (NaN) stays black. */
export function paintGrey(
  values: Float32Array,
  pixels: Uint32Array,
  window: Window,
  inverted: boolean,
): void {
  const span = Math.max(1, window.width - 1);
  const low = window.center - 0.5 - span / 2;
  const factor = 255 / span;
  for (let at = 0; at < values.length; at += 1) {
    const value = values[at]!;
    if (value !== value) {
      pixels[at] = 0xff000000;
      continue;
    }
    let level = (value - low) * factor;
    level = level < 0 ? 0 : level > 255 ? 255 : level;
    if (inverted) level = 255 - level;
    pixels[at] = 0xff000000 | ((level & 255) * 0x010101);
  }
}
