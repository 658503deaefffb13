import { useCallback, useEffect, useRef, useState } from "react";
import type { CaseRow } from "@/api/types";

/**
 * The rows to show while the list is held (someone points at it or moves in it): the rows that were there,
 * each in its place, with what is new about it, and after them what follows the last of them, as the next
 * page does. Rows that are new among them or have moved wait until the list is let go.
 */
export function holdRows(shown: CaseRow[], fresh: CaseRow[]): { rows: CaseRow[]; waiting: number } {
  const byCase = new Map(fresh.map((row) => [row.case, row]));
  const known = new Set(shown.map((row) => row.case));
  const isNew = (row: CaseRow) => !known.has(row.case);
  let tail = fresh.length;
  while (tail > 0 && isNew(fresh[tail - 1]!)) tail -= 1;
  return {
    rows: [...shown.map((row) => byCase.get(row.case) ?? row), ...fresh.slice(tail)],
    waiting: fresh.slice(0, tail).filter(isNew).length,
  };
}

/** Rows that do not move under the cursor. release() shows the new order. */
export function useHeldRows(fresh: CaseRow[], held: boolean, filterKey: string) {
  const [shown, setShown] = useState(fresh);
  const lastFilter = useRef(filterKey);
  const release = useCallback(() => setShown(fresh), [fresh]);

  useEffect(() => {
    const changedFilter = lastFilter.current !== filterKey;
    lastFilter.current = filterKey;
    setShown((rows) => (held && rows.length && !changedFilter ? holdRows(rows, fresh).rows : fresh));
  }, [fresh, held, filterKey]);

  return { rows: shown, waiting: held ? holdRows(shown, fresh).waiting : 0, release };
}
