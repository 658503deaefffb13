import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { claimCase, releaseCase } from "@/api/cases";
import type { CasePage } from "@/api/types";
import { useUser } from "@/state/session";

/**
 * A specialist who opens an unread case takes it, as in a reading room: others then see who reads it. It
 * stays
 * theirs until signed, returned or released.
 */
export function useClaim(page: CasePage) {
  const user = useUser();
  const client = useQueryClient();
  const refresh = () => {
    void client.invalidateQueries({ queryKey: ["case", page.id] });
    void client.invalidateQueries({ queryKey: ["worklist"] });
  };
  const claim = useMutation({ mutationFn: () => claimCase(page.id), onSettled: refresh });
  const release = useMutation({ mutationFn: () => releaseCase(page.id), onSettled: refresh });
  const tried = useRef(false);
  const free = user.role === "specialist" && page.may.sign && !page.reader && page.status !== "signed";
  const { mutate } = claim;

  useEffect(() => {
    if (!free || tried.current) return;
    tried.current = true;
    mutate();
  }, [free, mutate]);

  return { claim, release, free };
}

export type Claim = ReturnType<typeof useClaim>;
