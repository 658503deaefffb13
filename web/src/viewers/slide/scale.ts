/** Lengths of 1, 2 and 5 in every power of ten, as they are told on a slide. */
export interface ScaleBar {
  /** Screen pixels. */
  width: number;
  micrometres: number;
}

/** The longest round length that is at most so many screen pixels long. */
export function scaleBar(micrometresPerPixel: number, longest: number): ScaleBar {
  const most = micrometresPerPixel * longest;
  const power = 10 ** Math.floor(Math.log10(most));
  const micrometres = [5, 2, 1].map((step) => step * power).find((length) => length <= most) ?? power;
  return { micrometres, width: micrometres / micrometresPerPixel };
}

/** "200 µm", "2 mm", "0.5 µm". */
export function lengthText(micrometres: number): string {
  return micrometres >= 1000
    ? `${Number((micrometres / 1000).toPrecision(3))} mm`
    : `${Number(micrometres.toPrecision(3))} µm`;
}

/** What the eyepiece would be called: a pixel of 0.25 µm is a magnification of 40. */
export function magnification(micrometresPerPixel: number): number {
  return Number((10 / micrometresPerPixel).toPrecision(2));
}
