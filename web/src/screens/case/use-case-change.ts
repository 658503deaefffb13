import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { CasePage } from "@/api/types";

/**
 * An act that changes a case: the answer, where it is the whole page, is shown at once; lists are asked
 * again.
 */
export function useCaseChange<Input = void>(
  id: string,
  act: (input: Input) => Promise<{ case: CasePage | string }>,
  onDone: () => void,
) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: act,
    onSuccess: (answer) => {
      const page = answer?.case;
      if (page && typeof page === "object" && page.patient) client.setQueryData(["case", id], page);
      else void client.invalidateQueries({ queryKey: ["case", id] });
      for (const key of ["worklist", "home", "messages"]) void client.invalidateQueries({ queryKey: [key] });
      onDone();
    },
  });
}
