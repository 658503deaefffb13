import type { Beat, Samples } from "@/api/types";

// An electrocardiogram drawn from Gaussian waves, as in McSharry's model (IEEE Trans Biomed Eng
// 2003;50:289), with
// fixed beat times: the same at every run.

interface Wave {
  /** Seconds from the R peak, width in seconds. */
  at: number;
  width: number;
}

const waves: Record<"P" | "Q" | "R" | "S" | "T", Wave> = {
  P: { at: -0.16, width: 0.025 },
  Q: { at: -0.03, width: 0.01 },
  R: { at: 0, width: 0.011 },
  S: { at: 0.03, width: 0.012 },
  T: { at: 0.26, width: 0.055 },
};

/** Amplitudes in microvolts of P, Q, R, S, T and the elevation of the ST segment. */
const amplitudes: Record<string, [number, number, number, number, number, number]> = {
  I: [90, -60, 700, -120, 220, 0],
  II: [140, -80, 1100, -200, 300, 0],
  III: [60, -60, 450, -150, 110, -40],
  aVR: [-110, 70, -900, 150, -260, 0],
  aVL: [30, -40, 300, -60, 80, 0],
  aVF: [100, -70, 780, -170, 200, -30],
  V1: [60, 0, 250, -900, 60, 40],
  V2: [70, 0, 500, -1300, 450, 310],
  V3: [70, 0, 800, -900, 520, 310],
  V4: [80, -60, 1300, -600, 480, 220],
  V5: [90, -80, 1300, -300, 360, 40],
  V6: [90, -80, 1000, -150, 280, 0],
};

export const twelveLeads = Object.keys(amplitudes);

function gauss(time: number, { at, width }: Wave): number {
  return Math.exp(-((time - at) ** 2) / (2 * width ** 2));
}

/** Beats with a breathing rate; from the 20th on each 17th is an early, broad one. */
export function beatsOf(seconds: number, rate: number): Beat[] {
  const beats: Beat[] = [];
  for (let time = 0.4, number = 0; time < seconds; number += 1) {
    const early = number > 19 && number % 17 === 0;
    beats.push({
      sample: Math.round(time * rate),
      time: Number(time.toFixed(3)),
      aami_class: early ? "V" : "N",
    });
    time += early ? 1.1 : number % 17 === 16 ? 0.55 : 0.82 + 0.04 * Math.sin(number / 3);
  }
  return beats;
}

function voltage(lead: string, time: number, beat: Beat): number {
  const [p, q, r, s, t, elevation] = amplitudes[lead] ?? amplitudes.II!;
  const after = time - beat.time;
  if (beat.aami_class === "V") {
    return (
      1.4 * r * gauss(after, { at: 0.02, width: 0.04 }) - 0.8 * t * gauss(after, { at: 0.3, width: 0.07 })
    );
  }
  const segment = after > 0.02 && after < 0.3 ? elevation * Math.sin((Math.PI * (after - 0.02)) / 0.28) : 0;
  return (
    p * gauss(after, waves.P) +
    q * gauss(after, waves.Q) +
    r * gauss(after, waves.R) +
    s * gauss(after, waves.S) +
    t * gauss(after, waves.T) +
    segment
  );
}

function valueAt(lead: string, time: number, beats: Beat[], near: number): number {
  let sum = 25 * Math.sin(time * 1.7) + 8 * Math.sin(time * 97 + lead.length);
  for (let index = Math.max(0, near - 1); index <= Math.min(beats.length - 1, near + 1); index += 1) {
    sum += voltage(lead, time, beats[index]!);
  }
  return Math.round(sum);
}

export interface Source {
  leads: string[];
  rate: number;
  seconds: number;
  beats: Beat[];
}

export function samplesOf(source: Source, from: number, seconds: number, rate?: number): Samples {
  const wanted = Math.min(rate ?? source.rate, source.rate);
  const count = Math.max(0, Math.round(Math.min(seconds, source.seconds - from) * wanted));
  const lead = (name: string) => {
    let near = 0;
    return Array.from({ length: count }, (_, index) => {
      const time = from + index / wanted;
      while (near + 1 < source.beats.length && source.beats[near + 1]!.time <= time) near += 1;
      return valueAt(name, time, source.beats, near);
    });
  };
  return {
    samplingFrequency: wanted,
    from,
    seconds: count / wanted,
    total: source.seconds,
    leads: source.leads.map((name) => ({ name, unit: "uV", samples: lead(name) })),
  };
}
