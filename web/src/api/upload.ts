import { ApiError, changeHeaders, errorFrom } from "./http";
import type { Parcel } from "./parcels";
import { isPicture, kindHeaders, type PictureKindId } from "./picture-kind";
import type { Remark } from "./types";

function body(parcel: Parcel): XMLHttpRequestBodyInit {
  const [first, ...others] = parcel.files;
  if (first && !others.length) return first;
  const form = new FormData();
  for (const file of parcel.files) form.append("file", file, file.name);
  return form;
}

function contentType(parcel: Parcel): string | null {
  if (parcel.files.length !== 1) return null; // the browser writes the multipart boundary
  const name = parcel.files[0]!.name.toLowerCase();
  return name.endsWith(".dcm") ? "application/dicom" : parcel.files[0]!.type || "application/octet-stream";
}

/** What came of a parcel; flaws: what is damaged, unusual or was not read, as the readers say it. */
export interface Arrival {
  instances: string[];
  flaws: Remark[];
}

/** Sends a parcel to a case; onProgress gets the share sent, 0 to 1. kind: what a picture shows. */
export function uploadRecording(
  caseId: string,
  parcel: Parcel,
  onProgress: (share: number) => void,
  kind: PictureKindId | null = null,
): Promise<Arrival> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", `/care/cases/${encodeURIComponent(caseId)}/recordings`);
    for (const [name, value] of Object.entries(changeHeaders())) request.setRequestHeader(name, value);
    const type = contentType(parcel);
    if (type) request.setRequestHeader("Content-Type", type);
    request.setRequestHeader("X-File-Name", encodeURIComponent(parcel.name));
    if (kind && parcel.files.every(isPicture))
      for (const [name, value] of Object.entries(kindHeaders(kind))) request.setRequestHeader(name, value);
    request.upload.onprogress = (event) => onProgress(event.total ? event.loaded / event.total : 0);
    request.onerror = () => reject(new ApiError(0, ""));
    request.onload = () => {
      if (request.status >= 300) return reject(errorFrom(request.status, request.responseText));
      onProgress(1);
      resolve({ instances: [], flaws: [], ...JSON.parse(request.responseText || "{}") });
    };
    request.send(body(parcel));
  });
}
