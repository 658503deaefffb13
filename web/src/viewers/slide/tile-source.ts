import type { Slide } from "@/api/slides";

/** Squares of a level, and how much smaller than the slide it is. */
export interface Squares {
  level: number;
  scale: number;
  columns: number;
  rows: number;
  tileWidth: number;
  tileHeight: number;
}

/** The node's levels, which go from the largest, in OpenSeadragon's order. */
export function squaresOf(slide: Slide): Squares[] {
  return slide.levels
    .map((level, index) => ({
      level: index,
      scale: level.width / slide.width,
      columns: Math.ceil(level.width / level.tileWidth),
      rows: Math.ceil(level.height / level.tileHeight),
      tileWidth: level.tileWidth,
      tileHeight: level.tileHeight,
    }))
    .reverse();
}
