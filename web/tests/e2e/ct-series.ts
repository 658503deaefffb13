import type { APIRequestContext } from "@playwright/test";
import { randomBytes } from "node:crypto";

const side = 64;

/** A UID of one's own (PS3.5, B.2). */
const newUid = () => `2.25.${BigInt(`0x${randomBytes(15).toString("hex")}`)}`;

/** A ball of 100 HU in air, cut where the slice lies, as signed 16-bit pixels that begin at -1024 HU. */
function slicePixels(slice: number, slices: number): Buffer {
  const pixels = Buffer.alloc(2 * side * side);
  const height = (2 * (slice + 0.5)) / slices - 1;
  for (let at = 0; at < side * side; at++) {
    const x = ((at % side) + 0.5) / (side / 2) - 1;
    const y = (Math.floor(at / side) + 0.5) / (side / 2) - 1;
    pixels.writeInt16LE(x * x + y * y + height * height < 0.8 ? 1124 : 24, 2 * at);
  }
  return pixels;
}

const attribute = (vr: string, ...Value: (string | number | object)[]) => ({ vr, Value });

function sliceAttributes(study: string, series: string, frame: string, slice: number, bulk: string) {
  return {
    "00080016": attribute("UI", "1.2.840.10008.5.1.4.1.1.2"),
    "00080018": attribute("UI", newUid()),
    "00080020": attribute("DA", "20260105"),
    "00080030": attribute("TM", "080000"),
    "00080060": attribute("CS", "CT"),
    "0008103E": attribute("LO", "Ball"),
    "00100010": attribute("PN", { Alphabetic: "Ball^In^Air" }),
    "00100020": attribute("LO", study.slice(-12)),
    "00180050": attribute("DS", 4),
    "0020000D": attribute("UI", study),
    "0020000E": attribute("UI", series),
    "00200011": attribute("IS", 1),
    "00200013": attribute("IS", slice + 1),
    "00200032": attribute("DS", 0, 0, 4 * slice),
    "00200037": attribute("DS", 1, 0, 0, 0, 1, 0),
    "00200052": attribute("UI", frame),
    "00280002": attribute("US", 1),
    "00280004": attribute("CS", "MONOCHROME2"),
    "00280010": attribute("US", side),
    "00280011": attribute("US", side),
    "00280030": attribute("DS", 2, 2),
    "00280100": attribute("US", 16),
    "00280101": attribute("US", 16),
    "00280102": attribute("US", 15),
    "00280103": attribute("US", 1),
    "00281050": attribute("DS", 40),
    "00281051": attribute("DS", 400),
    "00281052": attribute("DS", -1024),
    "00281053": attribute("DS", 1),
    "7FE00010": { vr: "OW", BulkDataURI: bulk },
  };
}

/** Stores a drawn CT series by STOW-RS, as metadata with bulk data, and gives its study's UID. */
export async function storeCtSeries(request: APIRequestContext, slices: number): Promise<string> {
  const [study, series, frame] = [newUid(), newUid(), newUid()];
  const numbers = Array.from({ length: slices }, (_, slice) => slice);
  const metadata = numbers.map((slice) => sliceAttributes(study, series, frame, slice, `slice-${slice}`));
  const part = (headers: string, content: Buffer | string) => [
    Buffer.from(`--part\r\n${headers}\r\n\r\n`),
    Buffer.from(content),
    Buffer.from("\r\n"),
  ];
  const body = Buffer.concat([
    ...part("Content-Type: application/dicom+json", JSON.stringify(metadata)),
    ...numbers.flatMap((slice) =>
      part(
        `Content-Type: application/octet-stream\r\nContent-Location: slice-${slice}`,
        slicePixels(slice, slices),
      ),
    ),
    Buffer.from("--part--\r\n"),
  ]);
  const { csrf } = (await (await request.get("/auth/me")).json()) as { csrf: string };
  const stored = await request.post("/dicomweb/studies", {
    data: body,
    headers: {
      "Content-Type": 'multipart/related; type="application/dicom+json"; boundary=part',
      "X-CSRF-Token": csrf,
    },
  });
  if (stored.status() !== 200) throw new Error(`the node does not store it: ${await stored.text()}`);
  return study;
}
