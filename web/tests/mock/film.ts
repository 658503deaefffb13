import type { Localized } from "@/api/types";
import { greyPng } from "./png";

// A chest film drawn from ellipses: a phantom, recognisable, of nobody.

export const filmSize = { columns: 1024, rows: 1024 };

function ellipse(x: number, y: number, cx: number, cy: number, rx: number, ry: number): number {
  const distance = Math.hypot((x - cx) / rx, (y - cy) / ry);
  return 1 / (1 + Math.exp((distance - 1) * 14));
}

/** Density from 0 (air) to 1 (bone) at shares of width and height. */
function density(x: number, y: number): number {
  const body = ellipse(x, y, 0.5, 0.62, 0.44, 0.56);
  const lungs = Math.max(ellipse(x, y, 0.31, 0.48, 0.15, 0.31), ellipse(x, y, 0.69, 0.48, 0.145, 0.3));
  const heart = ellipse(x, y, 0.56, 0.62, 0.15, 0.15);
  const spine = ellipse(x, y, 0.5, 0.5, 0.045, 0.6);
  const arc = Math.sin((y + 0.35 * (x - 0.5) ** 2) * 2 * Math.PI * 9);
  const ribs = Math.max(0, arc) ** 3 * 0.09 * body;
  const shadow = 0.2 * ellipse(x, y, 0.3, 0.3, 0.055, 0.05) + 0.1 * ellipse(x, y, 0.36, 0.36, 0.03, 0.03);
  const grain = 0.012 * Math.sin(x * 911 + Math.sin(y * 733) * 5);
  return Math.min(
    1,
    0.62 * body - 0.42 * lungs * body + 0.28 * heart + 0.22 * spine * body + ribs + shadow + grain,
  );
}

/** 12 bits stored in 16, little endian. */
export function filmPixels(): Buffer {
  const { columns, rows } = filmSize;
  const pixels = Buffer.alloc(columns * rows * 2);
  for (let row = 0; row < rows; row += 1) {
    for (let column = 0; column < columns; column += 1) {
      const value = Math.max(0, Math.round(density(column / columns, row / rows) * 3400 + 200));
      pixels.writeUInt16LE(value, 2 * (row * columns + column));
    }
  }
  return pixels;
}

export function filmPreview(size: number): Buffer {
  return greyPng(size, size, (x, y) => density(x / size, y / size) * 250);
}

export function filmMetadata(instance: string, spacing: boolean): unknown[] {
  const value = (vr: string, ...Value: unknown[]) => ({ vr, Value });
  return [
    {
      "00080018": value("UI", instance),
      "00280002": value("US", 1),
      "00280004": value("CS", "MONOCHROME2"),
      "00280010": value("US", filmSize.rows),
      "00280011": value("US", filmSize.columns),
      "00280100": value("US", 16),
      "00280101": value("US", 12),
      "00280103": value("US", 0),
      "00281050": value("DS", 1700),
      "00281051": value("DS", 3000),
      ...(spacing && { "00181164": value("DS", 0.36, 0.36) }),
    },
  ];
}

export function heatMap(): { width: number; height: number; png: string } {
  const size = 64;
  const warm = (x: number, y: number) =>
    255 *
    Math.max(
      Math.exp(-((x - 0.3) ** 2 + (y - 0.3) ** 2) / 0.006),
      0.5 * Math.exp(-((x - 0.37) ** 2 + (y - 0.37) ** 2) / 0.004),
    );
  const png = greyPng(size, size, (x, y) => warm(x / size, y / size));
  return { width: size, height: size, png: png.toString("base64") };
}

/** Outlines of the lungs in pixels of the film. */
export function lungRegions(): { label: Localized; polygon: [number, number][] }[] {
  const outline = (label: Localized, cx: number) => ({
    label,
    polygon: Array.from({ length: 40 }, (_, index): [number, number] => {
      const angle = (index / 40) * 2 * Math.PI;
      return [
        (cx + 0.14 * Math.cos(angle)) * filmSize.columns,
        (0.48 + 0.29 * Math.sin(angle)) * filmSize.rows,
      ];
    }),
  });
  return [outline({ en: "right lung", zh: "右肺" }, 0.31), outline({ en: "left lung", zh: "左肺" }, 0.69)];
}
