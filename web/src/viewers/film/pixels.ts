import type { ImageInfo } from "@/api/dicomweb";

export type Samples = Uint8Array | Int8Array | Uint16Array | Int16Array;

/** One level of a pyramid: grey values, row by row. */
export interface Plane {
  values: Samples;
  width: number;
  height: number;
}

/**
 * A frame's little-endian bytes as stored values. Bits above BitsStored hold no value (PS3.5 8.1.1) and are
 * cut off;
 * signed values are sign-extended.
 */
export function decodeFrame(bytes: Uint8Array, info: ImageInfo): Plane {
  const count = info.rows * info.columns;
  const wanted = (count * info.bitsAllocated) / 8;
  if (
    info.samples !== 1 ||
    (info.bitsAllocated !== 8 && info.bitsAllocated !== 16) ||
    bytes.length < wanted
  ) {
    throw new Error("not an uncompressed grey frame of 8 or 16 bits");
  }
  // A view needs its offset aligned; a part of a multipart message seldom is.
  const buffer = bytes.slice(0, wanted).buffer;
  const values = info.bitsAllocated === 8 ? new Uint8Array(buffer) : new Uint16Array(buffer);
  return { values: cut(values, info), width: info.columns, height: info.rows };
}

function cut(values: Uint8Array | Uint16Array, info: ImageInfo): Samples {
  const spare = info.bitsAllocated - info.bitsStored;
  if (info.signed) {
    const signed =
      values instanceof Uint8Array ? new Int8Array(values.buffer) : new Int16Array(values.buffer);
    const shift = 32 - info.bitsStored;
    if (spare > 0) for (let at = 0; at < signed.length; at += 1) signed[at] = (signed[at]! << shift) >> shift;
    return signed;
  }
  const mask = 2 ** info.bitsStored - 1;
  if (spare > 0) for (let at = 0; at < values.length; at += 1) values[at] = values[at]! & mask;
  return values;
}

function halve(plane: Plane): Plane {
  const width = plane.width >> 1;
  const height = plane.height >> 1;
  const { values } = plane;
  const halved = new (values.constructor as new (length: number) => Samples)(width * height);
  for (let y = 0; y < height; y += 1) {
    const above = 2 * y * plane.width;
    const below = above + plane.width;
    for (let x = 0; x < width; x += 1) {
      const at = 2 * x;
      const sum =
        values[above + at]! + values[above + at + 1]! + values[below + at]! + values[below + at + 1]!;
      halved[y * width + x] = sum >> 2;
    }
  }
  return { values: halved, width, height };
}

/** The film at full size, half, a quarter, ... each pixel the mean of four: zooming out does not flicker. */
export function pyramid(full: Plane): Plane[] {
  const levels = [full];
  for (let last = full; Math.min(last.width, last.height) >= 512; ) {
    last = halve(last);
    levels.push(last);
  }
  return levels;
}

/** The values below which lie the given shares of the pixels, from about a hundred thousand of them. */
export function percentiles(plane: Plane, shares: number[]): number[] {
  const stride = Math.max(1, Math.floor(plane.values.length / 100_000));
  const some: number[] = [];
  for (let at = 0; at < plane.values.length; at += stride) some.push(plane.values[at]!);
  some.sort((a, b) => a - b);
  return shares.map((share) => some[Math.min(some.length - 1, Math.floor(share * some.length))] ?? 0);
}
