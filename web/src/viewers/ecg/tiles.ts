import { useQueries } from "@tanstack/react-query";
import { useMemo } from "react";
import { getSamples } from "@/api/recordings";
import type { Recording, Samples } from "@/api/types";

/** Seconds fetched at once: some hundred kilobytes, and a scroll seldom meets the edge. */
export const tileSeconds = 30;

/** The tiles that a span of the recording lies in, and the next one, which is fetched ahead. */
export function tilesFor(from: number, seconds: number, total: number): number[] {
  const first = Math.max(0, Math.floor(from / tileSeconds));
  const last = Math.min(
    Math.floor(Math.max(0, total - 0.001) / tileSeconds),
    Math.floor((from + seconds) / tileSeconds) + 1,
  );
  return Array.from({ length: Math.max(1, last - first + 1) }, (_, index) => first + index);
}

/** The samples for what is on the screen, as far as they have come. */
export function useTiles(recording: Recording, from: number, seconds: number) {
  const total = recording.seconds;
  const queries = useQueries({
    queries: tilesFor(from, seconds, total).map((tile) => ({
      queryKey: ["samples", recording.instance, tile],
      queryFn: ({ signal }: { signal: AbortSignal }) => {
        const start = tile * tileSeconds;
        const length = Math.min(tileSeconds, Math.max(0.1, total - start));
        return getSamples(recording.instance, start, length, undefined, signal);
      },
      staleTime: Infinity,
    })),
  });
  const stamp = queries.map((query) => query.dataUpdatedAt).join();
  // The results are new objects at each render; they hold something new only when a time of arrival changed.
  const tiles = useMemo(
    () => queries.flatMap((query): Samples[] => (query.data ? [query.data] : [])),
    // eslint-disable-next-line react-hooks/exhaustive-deps
    [stamp],
  );
  const failed = queries.find((query) => query.error);
  return {
    tiles,
    error: failed?.error ?? null,
    retry: () => void failed?.refetch(),
    loading: queries[0]?.isPending ?? false,
  };
}
