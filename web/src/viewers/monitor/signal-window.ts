import type { MonitorBeat, MonitorSamples } from "@/api/monitor";

/** Seconds of the signal that are kept and drawn. */
export const windowSeconds = 8;

/** Seconds without a sample, or of flat lines (microvolts), in which nobody knows the beats. */
const missingSeconds = 1;
const flatSeconds = 2;
const flat = 10;

/** Beats whose mean interval is the rate. */
const rateIntervals = 8;

/** The last seconds of a monitor's signal, in microvolts; what is older goes. */
export class SignalWindow {
  readonly leads: string[];
  readonly frequency: number;
  /** The number of the next sample. */
  end: number;
  beats: MonitorBeat[];
  /** The number of the last sample of a silence: what came before it is in no rate. */
  private silentUntil = -1;
  /** How many of the last samples are in no lead, and by lead since when it is flat. */
  private missing = 0;
  private readonly still: { at: number; count: number }[];
  private readonly length: number;
  private readonly rings: Float32Array[];

  constructor(leads: string[], frequency: number, at: number) {
    this.leads = leads;
    this.frequency = frequency;
    this.length = Math.round(windowSeconds * frequency);
    this.rings = leads.map(() => new Float32Array(this.length).fill(NaN));
    this.still = leads.map(() => ({ at: NaN, count: 0 }));
    this.end = at;
    this.beats = [];
  }

  add(at: number, samples: MonitorSamples): void {
    if (at > this.end) this.skip(at - this.end);
    samples.forEach((lead, index) => {
      const ring = this.rings[index];
      lead.forEach((value, k) => {
        if (ring) ring[(at + k) % this.length] = value ?? NaN;
      });
    });
    const count = samples[0]?.length ?? 0;
    for (let k = 0; k < count; k += 1) {
      const values = samples.map((lead) => lead[k] ?? null);
      this.note(at + k, values, 1);
    }
    this.end = at + count;
  }

  addBeat(beat: MonitorBeat): void {
    this.beats.push(beat);
    if (this.beats.length > 64) this.beats.shift();
  }

  /**
   * Beats a minute by the last intervals between which the signal was there; null with fewer than two beats,
   * or when the last is long ago.
   */
  rate(): number | null {
    const last = this.beats.slice(-rateIntervals - 1).filter((beat) => beat.sample > this.silentUntil);
    const first = last[0];
    const newest = last[last.length - 1];
    if (!first || !newest || last.length < 2) return null;
    if (this.end - newest.sample > 5 * this.frequency) return null;
    return Math.round((60 * (last.length - 1) * this.frequency) / (newest.sample - first.sample));
  }

  /** The sample of that number, NaN where there is none. */
  value(lead: number, sample: number): number {
    if (sample < 0 || sample < this.end - this.length || sample >= this.end) return NaN;
    return this.rings[lead]?.[sample % this.length] ?? NaN;
  }

  private skip(count: number): void {
    for (const ring of this.rings)
      for (let k = 0; k < Math.min(count, this.length); k += 1) ring[(this.end + k) % this.length] = NaN;
    const nothing = this.leads.map(() => null);
    this.note(this.end + count - 1, nothing, count);
  }

  /** So many samples of these values, the last of that number. */
  private note(sample: number, values: (number | null)[], count: number): void {
    this.missing = values.every((value) => value === null) ? this.missing + count : 0;
    this.still.forEach((lead, index) => {
      const value = values[index] ?? null;
      if (value === null || Math.abs(value - lead.at) <= flat) lead.count += count;
      else Object.assign(lead, { at: value, count: 0 });
    });
    const isFlat = this.still.every((lead) => lead.count >= flatSeconds * this.frequency);
    if (isFlat || this.missing >= missingSeconds * this.frequency) this.silentUntil = sample;
  }
}
