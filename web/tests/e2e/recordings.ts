import { beatsOf, samplesOf, twelveLeads } from "../mock/ecg";
import { filmPreview } from "../mock/film";

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
