import { useMemo } from "react";
import type { Evidence, Finding } from "@/api/types";
import { useLanguage } from "@/locales/use-language";
import { useHeatMap, type HeatMap } from "./heat-map";

/** What is drawn around a place that a finding rests on, in pixels of the picture. */
export interface Outline {
  label: string;
  polygon: [number, number][];
  /** Of the finding that is pointed at. */
  lit: boolean;
}

export interface ShownEvidence {
  /** Of the finding that is pointed at. */
  lit: Evidence | null | undefined;
  /** The first finding that has a heat map. */
  withHeat: Finding | undefined;
  /** That of the finding that is pointed at or, where it has none, of the first that has one. */
  heatMap: HeatMap | null;
  outlines: Outline[];
}

/** What the findings rest on, to be laid over a picture. */
export function useEvidence(findings: Finding[], litId: string | null): ShownEvidence {
  const { local } = useLanguage();
  const lit = findings.find((finding) => finding.id === litId)?.evidence;
  const withHeat = findings.find((finding) => finding.evidence?.heat_map);
  const heatMap = useHeatMap(lit?.heat_map ?? withHeat?.evidence?.heat_map);
  const outlines = useMemo<Outline[]>(
    () =>
      findings.flatMap((finding) =>
        (finding.evidence?.regions ?? []).map(({ label, polygon }) => ({
          label: local(label),
          polygon,
          lit: finding.id === litId,
        })),
      ),
    [findings, litId, local],
  );
  return { lit, withHeat, heatMap, outlines };
}
