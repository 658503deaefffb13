import type { MonitorBeat, MonitorSamples } from "@/api/monitor";

/** Seconds of the signal that are kept and drawn. */
export const windowSeconds = 8;

/** Beats whose mean interval is the rate. */
const rateIntervals = 8;

/** The last seconds of a monitor's signal, in microvolts; what is older goes. */
export class SignalWindow {
  readonly leads: string[];
  readonly frequency: number;
  /** The number of the next sample. */
  end: number;
  beats: MonitorBeat[];
  private readonly length: number;
  private readonly rings: Float32Array[];

  constructor(leads: string[], frequency: number, at: number) {
    this.leads = leads;
    this.frequency = frequency;
    this.length = Math.round(windowSeconds * frequency);
    this.rings = leads.map(() => new Float32Array(this.length).fill(NaN));
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
    this.end = at + (samples[0]?.length ?? 0);
  }

  addBeat(beat: MonitorBeat): void {
    this.beats.push(beat);
    if (this.beats.length > 64) this.beats.shift();
  }

  /** Beats a minute by the last intervals; null with fewer than two beats, or when the last is long ago. */
  rate(): number | null {
    const last = this.beats.slice(-rateIntervals - 1);
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
  }
}
