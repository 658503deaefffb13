import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { getFrame, getImageInfo, type ImageInfo } from "@/api/dicomweb";
import type { Recording } from "@/api/types";
import { decodeFrame, pyramid, type Plane } from "./pixels";
import { ownWindow, type Window } from "./windowing";

export interface Film {
  info: ImageInfo;
  levels: Plane[];
  own: Window;
}

/** A frame's pixels with all that is needed to show them; share is how much of them has come. */
export function useFilm(recording: Recording, frame: number) {
  const [share, setShare] = useState(0);
  const info = useQuery({
    queryKey: ["image-info", recording.instance],
    queryFn: ({ signal }) => getImageInfo(recording, signal),
    staleTime: Infinity,
  });
  const film = useQuery({
    queryKey: ["frame", recording.instance, frame],
    queryFn: async ({ signal }): Promise<Film> => {
      const bytes = await getFrame(recording, frame, setShare, signal);
      const plane = decodeFrame(bytes, info.data!);
      return { info: info.data!, levels: pyramid(plane), own: ownWindow(info.data!, plane) };
    },
    enabled: info.data !== undefined,
    staleTime: Infinity,
    gcTime: 60_000,
    structuralSharing: false,
  });
  return {
    info: info.data,
    film: film.data,
    share,
    error: info.error ?? film.error,
    retry: () => void (info.error ? info.refetch() : film.refetch()),
  };
}
