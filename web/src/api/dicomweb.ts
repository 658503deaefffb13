import { send } from "./http";
import type { Recording } from "./types";

/** What the viewer needs of an image's DICOM attributes. */
export interface ImageInfo {
  rows: number;
  columns: number;
  bitsAllocated: number;
  bitsStored: number;
  signed: boolean;
  samples: number;
  photometric: string;
  slope: number;
  intercept: number;
  windowCenter: number | null;
  windowWidth: number | null;
  /** Millimetres a pixel, rows then columns; null where the film does not say. */
  spacing: [number, number] | null;
}

type Attributes = Record<string, { Value?: unknown[] } | undefined>;

function numbers(attributes: Attributes, tag: string): number[] {
  return (attributes[tag]?.Value ?? []).map(Number).filter((value) => Number.isFinite(value));
}

function text(attributes: Attributes, tag: string): string {
  return String(attributes[tag]?.Value?.[0] ?? "");
}

/** DICOM JSON to what the viewer needs (PS3.3 C.7.6.3, C.11.1, C.11.2). */
export function imageInfo(attributes: Attributes): ImageInfo {
  const one = (tag: string, otherwise: number) => numbers(attributes, tag)[0] ?? otherwise;
  const pixel = numbers(attributes, "00280030");
  const imager = numbers(attributes, "00181164");
  const spacing = pixel.length >= 2 ? pixel : imager;
  const bits = one("00280100", 16);
  return {
    rows: one("00280010", 0),
    columns: one("00280011", 0),
    bitsAllocated: bits,
    bitsStored: one("00280101", bits),
    signed: one("00280103", 0) === 1,
    samples: one("00280002", 1),
    photometric: text(attributes, "00280004") || "MONOCHROME2",
    slope: one("00281053", 1),
    intercept: one("00281052", 0),
    windowCenter: numbers(attributes, "00281050")[0] ?? null,
    windowWidth: numbers(attributes, "00281051")[0] ?? null,
    spacing: spacing.length >= 2 ? [spacing[0]!, spacing[1]!] : null,
  };
}

function instancePath(recording: Recording): string {
  return `/dicomweb/studies/${recording.study}/series/${recording.series}/instances/${recording.instance}`;
}

export async function getImageInfo(recording: Recording, signal?: AbortSignal): Promise<ImageInfo> {
  const response = await send(`${instancePath(recording)}/metadata`, {
    headers: { Accept: "application/dicom+json" },
    signal,
  });
  const [attributes] = (await response.json()) as Attributes[];
  return imageInfo(attributes ?? {});
}

/** The small picture that is shown until the pixels are here. */
export function previewUrl(recording: Recording, size: number): string {
  return `${instancePath(recording)}/rendered?viewport=${size},${size}`;
}

/** The study in the viewer for radiology, OHIF, which the node serves and which knows this session. */
export function fullViewerUrl(recording: Recording): string {
  return `/viewer/viewer?StudyInstanceUIDs=${recording.study}`;
}

async function readAll(response: Response, onProgress: (share: number) => void): Promise<Uint8Array> {
  const length = Number(response.headers.get("Content-Length") ?? 0);
  if (!response.body || !length) return new Uint8Array(await response.arrayBuffer());
  const reader = response.body.getReader();
  const parts: Uint8Array[] = [];
  let received = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    parts.push(value);
    received += value.length;
    onProgress(Math.min(1, received / length));
  }
  const bytes = new Uint8Array(received);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/** The first part's bytes of a multipart/related body (RFC 2387), or the body itself where it is not one. */
export function firstPart(bytes: Uint8Array, contentType: string): Uint8Array {
  const boundary = /boundary="?([^";]+)"?/i.exec(contentType)?.[1];
  if (!/^multipart\//i.test(contentType) || !boundary) return bytes;
  const start = indexOf(bytes, "\r\n\r\n", 0) + 4;
  const end = indexOf(bytes, `\r\n--${boundary}`, start);
  if (start < 4 || end < 0) throw new Error("the answer is not a multipart message");
  return bytes.subarray(start, end);
}

function indexOf(bytes: Uint8Array, words: string, from: number): number {
  const wanted = new TextEncoder().encode(words);
  for (let at = bytes.indexOf(wanted[0]!, from); at >= 0; at = bytes.indexOf(wanted[0]!, at + 1)) {
    if (wanted.every((byte, index) => bytes[at + index] === byte)) return at;
  }
  return -1;
}

/** The uncompressed pixels of a frame (from 1), little endian. */
export async function getFrame(
  recording: Recording,
  frame: number,
  onProgress: (share: number) => void,
  signal?: AbortSignal,
): Promise<Uint8Array> {
  const response = await send(`${instancePath(recording)}/frames/${frame}`, {
    headers: {
      Accept: 'multipart/related; type="application/octet-stream"; transfer-syntax=1.2.840.10008.1.2.1',
    },
    signal,
  });
  return firstPart(await readAll(response, onProgress), response.headers.get("Content-Type") ?? "");
}
