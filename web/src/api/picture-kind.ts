/** What a PNG or JPEG shows, as DICOM names it: such a file does not say so itself. */
export interface PictureKind {
  id: string;
  /** Empty: the node takes a picture for a film of the chest. */
  modality: string;
  bodyPart: string;
}

/** In the order in which they are offered. */
export const pictureKinds = [
  { id: "chest", modality: "", bodyPart: "" },
  { id: "bone", modality: "DX", bodyPart: "EXTREMITY" },
  { id: "fundus", modality: "OP", bodyPart: "RETINA" },
  { id: "breastUltrasound", modality: "US", bodyPart: "BREAST" },
  { id: "mammogram", modality: "MG", bodyPart: "BREAST" },
  { id: "headCt", modality: "CT", bodyPart: "HEAD" },
  { id: "chestCt", modality: "CT", bodyPart: "CHEST" },
  { id: "endoscopy", modality: "ES", bodyPart: "COLON" },
  { id: "cervicalCell", modality: "GM", bodyPart: "CERVIX" },
  { id: "slide", modality: "SM", bodyPart: "" },
] as const satisfies readonly PictureKind[];

export type PictureKindId = (typeof pictureKinds)[number]["id"];

export function isPicture(file: File): boolean {
  return /^image\/(png|jpeg)$/.test(file.type) || /\.(png|jpe?g)$/i.test(file.name);
}

/** The headers with which a picture of that kind is sent. */
export function kindHeaders(id: PictureKindId): Record<string, string> {
  const kind = pictureKinds.find((one) => one.id === id)!;
  if (!kind.modality) return {};
  return { "X-Modality": kind.modality, ...(kind.bodyPart && { "X-Body-Part": kind.bodyPart }) };
}
