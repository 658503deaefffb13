import type { Plane } from "./pixels";
import type { Placement } from "./view";

/** The coarsest level that still has at least a pixel for each of the screen's. */
function levelFor(levels: Plane[], scale: number): number {
  let level = 0;
  while (level + 1 < levels.length && scale * 2 ** (level + 1) <= 1) level += 1;
  return level;
}

/**
 * The film as the pane shows it: stored values by bilinear interpolation, NaN beside the film. placement is
 * in the
 * pane's pixels and levels[0]'s.
 */
export function resample(
  levels: Plane[],
  placement: Placement,
  width: number,
  height: number,
  target?: Float32Array,
): Float32Array {
  const values = target?.length === width * height ? target : new Float32Array(width * height);
  const level = levelFor(levels, placement.scale);
  const plane = levels[level]!;
  const step = 1 / (placement.scale * 2 ** level);
  const lastX = plane.width - 1;
  const lastY = plane.height - 1;
  for (let row = 0; row < height; row += 1) {
    const y = (row + 0.5 - placement.top) * step - 0.5;
    const line = row * width;
    if (y < -0.5 || y > lastY + 0.5) {
      values.fill(NaN, line, line + width);
      continue;
    }
    const y0 = Math.max(0, Math.min(lastY, Math.floor(y)));
    const y1 = Math.min(lastY, y0 + 1);
    const fy = Math.max(0, Math.min(1, y - y0));
    const above = y0 * plane.width;
    const below = y1 * plane.width;
    let x = (0.5 - placement.left) * step - 0.5;
    for (let column = 0; column < width; column += 1, x += step) {
      if (x < -0.5 || x > lastX + 0.5) {
        values[line + column] = NaN;
        continue;
      }
      const x0 = x < 0 ? 0 : x | 0;
      const x1 = x0 < lastX ? x0 + 1 : lastX;
      const fx = x < 0 ? 0 : x - x0;
      const top = plane.values[above + x0]! * (1 - fx) + plane.values[above + x1]! * fx;
      const bottom = plane.values[below + x0]! * (1 - fx) + plane.values[below + x1]! * fx;
      values[line + column] = top + (bottom - top) * fy;
    }
  }
  return values;
}
