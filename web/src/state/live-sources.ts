import { useQuery } from "@tanstack/react-query";
import { getLiveSources } from "@/api/live";

/** What the node can look at live; it changes only with the node's configuration. */
export function useLiveSources() {
  return useQuery({
    queryKey: ["live"],
    queryFn: ({ signal }) => getLiveSources(signal),
    staleTime: Infinity,
  });
}
