import { beatsOf, samplesOf, twelveLeads } from "../mock/ecg";
import { filmPreview } from "../mock/film";
import { colourPng } from "../mock/png";

export interface SentFile {
  name: string;
  mimeType: string;
  buffer: Buffer;
}

const rate = 500;
const seconds = 10;
/** Units a millivolt: a microvolt each. */
const gain = 1000;

/** A synthetic twelve-lead ECG as a WFDB record in format 16. */
export function wfdbRecord(name: string): SentFile[] {
  const source = { leads: twelveLeads, rate, seconds, beats: beatsOf(seconds, rate) };
  const { leads } = samplesOf(source, 0, seconds);
  const length = rate * seconds;
  const data = Buffer.alloc(2 * length * leads.length);
  leads.forEach((lead, column) =>
    lead.samples.forEach((value, row) => data.writeInt16LE(value, 2 * (row * leads.length + column))),
  );
  const signals = leads.map((lead) => {
    const checksum = (lead.samples.reduce((sum, value) => sum + value, 0) << 16) >> 16;
    return `${name}.dat 16 ${gain}/mV 16 0 ${lead.samples[0]} ${checksum} 0 ${lead.name}`;
  });
  const header = [`${name} ${leads.length} ${rate} ${length}`, ...signals, ""].join("\n");
  return [
    { name: `${name}.hea`, mimeType: "text/plain", buffer: Buffer.from(header) },
    { name: `${name}.dat`, mimeType: "application/octet-stream", buffer: data },
  ];
}

/** A drawn chest film. */
export function drawnFilm(name: string): SentFile {
  return { name: `${name}.png`, mimeType: "image/png", buffer: filmPreview(512) };
}

/** Numbers from 0 to 1 that look random and are the same in every run. */
function scattered(index: number): number {
  return (Math.sin(index * 127.1 + 11.7) * 43758.5453) % 1;
}

interface Nucleus {
  x: number;
  y: number;
  wide: number;
  high: number;
}

/** Drawn tissue, stained: violet nuclei of several sizes, some of which touch, in pink. */
export function drawnTissue(name: string): SentFile {
  const [width, height, step] = [640, 448, 32];
  const nuclei: Nucleus[] = [];
  for (let y = step / 2; y < height; y += step) {
    for (let x = step / 2; x < width; x += step) {
      const at = (part: number) => Math.abs(scattered(4 * nuclei.length + part));
      nuclei.push({ x: x + 16 * at(0) - 8, y: y + 16 * at(1) - 8, wide: 6 + 5 * at(2), high: 6 + 5 * at(3) });
    }
  }
  const depth = (x: number, y: number) =>
    Math.max(...nuclei.map((one) => 1 - Math.hypot((x - one.x) / one.wide, (y - one.y) / one.high)));
  const buffer = colourPng(width, height, (x, y) => {
    const violet = 1 / (1 + Math.exp(-14 * depth(x, y)));
    const grain = 10 * scattered(x * 3.1 + y * 7.3) + 8 * Math.sin(x / 23 + Math.sin(y / 31));
    const between = (pink: number, dark: number) => Math.round(pink + (dark - pink) * violet + grain);
    return [between(226, 96), between(168, 62), between(204, 142)];
  });
  return { name: `${name}.png`, mimeType: "image/png", buffer };
}
