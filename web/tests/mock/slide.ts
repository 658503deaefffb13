import type { Slide } from "@/api/slides";
import { colourPng, greyPng } from "./png";

// Tissue drawn from sines: a phantom of nobody's.

const tile = 512;
const side = { width: 6000, height: 4500 };

/** A level each, the label last. */
export const slideInstances = ["1.2.7.10", "1.2.7.11", "1.2.7.12"];

export const slide: Slide = {
  version: "v1",
  width: side.width,
  height: side.height,
  spacing: 0.0005,
  levels: [1, 4, 16].map((shrink) => ({
    width: Math.ceil(side.width / shrink),
    height: Math.ceil(side.height / shrink),
    tileWidth: tile,
    tileHeight: tile,
  })),
  container: "B-2026-17",
  label: "1.2.7.12",
  overview: null,
};

/** Pink where there is tissue, with a violet nucleus in most squares of 24 pixels. */
function colourAt(x: number, y: number): [number, number, number] {
  const edge = 0.34 + 0.06 * Math.sin(Math.atan2(y - 2250, x - 3000) * 5);
  if (Math.hypot((x - 3000) / side.width, (y - 2250) / side.height) > edge) return [244, 243, 245];
  const [column, row] = [Math.floor(x / 24), Math.floor(y / 24)];
  const chance = Math.abs(Math.sin(column * 12.9898 + row * 78.233) * 43758.5453) % 1;
  const distance = Math.hypot((x % 24) - 8 - chance * 8, (y % 24) - 12);
  if (chance > 0.25 && distance < 5 + 3 * chance) return [92, 60, 140];
  const fibre = 14 * Math.sin(x * 0.05 + Math.sin(y * 0.03) * 3);
  return [226 + fibre * 0.4, 160 + fibre, 190 + fibre * 0.5];
}

/** A whole square, also at the edges, where it is black beyond the slide: none of that may be seen. */
export function slideSquare(level: number, column: number, row: number): Buffer {
  const { width, height } = slide.levels[level]!;
  const shrink = slide.width / width;
  return colourPng(tile, tile, (x, y) => {
    const [atX, atY] = [column * tile + x, row * tile + y];
    return atX < width && atY < height ? colourAt(atX * shrink, atY * shrink) : [0, 0, 0];
  });
}

export function slideLabel(): Buffer {
  return greyPng(240, 240, (x, y) =>
    y > 60 && y < 180 && x > 30 && x < 210 && x % 12 < 4 + (y % 7) ? 20 : 235,
  );
}

/** Where the nuclei are densest: to the left of the middle. */
export function densityMap(): { width: number; height: number; png: string } {
  const size = { width: 80, height: 60 };
  const png = greyPng(
    size.width,
    size.height,
    (x, y) => 255 * Math.exp(-((x - 32) ** 2 + (y - 28) ** 2) / 160),
  );
  return { ...size, png: png.toString("base64") };
}
