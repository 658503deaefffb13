import type { ImageInfo } from "@/api/dicomweb";
import { asAcquired, toneOf, type Tone, type Window } from "./windowing";

export type PresetName =
  | "acquired"
  | "wide"
  | "narrow"
  | "lungs"
  | "mediastinum"
  | "bone"
  | "brain"
  | "liver"
  | "stroke";

interface Preset {
  name: PresetName;
  tone: (own: Window, info: ImageInfo) => Tone;
}

const turned = (name: PresetName, shift: number, stretch: number): Preset => ({
  name,
  tone: () => ({ shift, stretch, inverted: false }),
});

const hounsfield = (name: PresetName, center: number, width: number): Preset => ({
  name,
  tone: (own, info) => toneOf({ center, width }, own, info),
});

const acquired: Preset = { name: "acquired", tone: () => asAcquired };

/** For films, whose values have no unit: turns of the film's own window. */
const film = [
  acquired,
  turned("wide", 0, 1.6),
  turned("narrow", 0, 0.6),
  turned("lungs", -0.2, 0.6),
  turned("mediastinum", 0.2, 0.6),
  turned("bone", 0.3, 0.4),
];

/** For CT, centre and width in Hounsfield units as in common use. */
const ct = [
  acquired,
  hounsfield("lungs", -600, 1500),
  hounsfield("mediastinum", 50, 400),
  hounsfield("bone", 400, 1800),
  hounsfield("brain", 40, 80),
  hounsfield("stroke", 35, 40),
  hounsfield("liver", 60, 160),
];

/** The presets of the keys 1 to 9. */
export function presetsFor(modality: string): Preset[] {
  return modality === "CT" ? ct : film;
}
