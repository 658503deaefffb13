// DICOM's modality codes (PS3.3 C.7.3.1.1.1) that the console has a word for.
export const modalities = ["ECG", "DX", "CR", "CT", "MR", "US", "MG", "OP", "ES", "SM", "GM"] as const;

export type ModalityKey = (typeof modalities)[number] | "other";

export function modalityKey(modality: string): ModalityKey {
  return modalities.find((code) => code === modality) ?? "other";
}
