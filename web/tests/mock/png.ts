import { crc32 as crc } from "./crc32";
import { deflateSync } from "node:zlib";

function chunk(kind: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(kind, "latin1"), data]);
  const framed = Buffer.alloc(body.length + 8);
  framed.writeUInt32BE(data.length, 0);
  body.copy(framed, 4);
  framed.writeUInt32BE(crc(body), body.length + 4);
  return framed;
}

const colourTypes = { 1: 0, 3: 2 } as const;

function png(width: number, height: number, channels: 1 | 3, paint: (rows: Buffer) => void): Buffer {
  const rows = Buffer.alloc((width * channels + 1) * height);
  paint(rows);
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, colourTypes[channels], 0, 0, 0], 8);
  return Buffer.concat([
    Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]),
    chunk("IHDR", header),
    chunk("IDAT", deflateSync(rows)),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

/** A grey PNG of 8 bits. */
export function greyPng(width: number, height: number, greyAt: (x: number, y: number) => number): Buffer {
  return png(width, height, 1, (rows) => {
    for (let y = 0; y < height; y += 1) {
      for (let x = 0; x < width; x += 1) {
        rows[y * (width + 1) + 1 + x] = Math.max(0, Math.min(255, Math.round(greyAt(x, y))));
      }
    }
  });
}

/** A PNG in colour: red, green and blue of 8 bits. */
export function colourPng(
  width: number,
  height: number,
  colourAt: (x: number, y: number) => [number, number, number],
): Buffer {
  return png(width, height, 3, (rows) => {
    for (let y = 0; y < height; y += 1) {
      for (let x = 0; x < width; x += 1) rows.set(colourAt(x, y), y * (width * 3 + 1) + 1 + x * 3);
    }
  });
}
