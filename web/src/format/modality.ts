// DICOM's modality codes (PS3.3 C.7.3.1.1.1) that the console has a word for.
const known = ["ECG", "DX", "CR", "CT", "MR", "US", "MG", "OP", "ES", "SM", "GM"] as const;

export type ModalityKey = (typeof known)[number] | "other";

export function modalityKey(modality: string): ModalityKey {
  return known.find((code) => code === modality) ?? "other";
}
