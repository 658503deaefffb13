import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";

/** Asks again for what the node says has changed, for as long as someone is signed in. */
export function useLiveUpdates(on: boolean): void {
  const client = useQueryClient();
  useEffect(() => {
    if (!on) return;
    const source = new EventSource("/care/events");
    const refresh = (...keys: string[][]) =>
      keys.forEach((queryKey) => void client.invalidateQueries({ queryKey }));
    source.addEventListener("worklist", () => refresh(["worklist"], ["home"]));
    source.addEventListener("case", (event) => refresh(["case", (event as MessageEvent<string>).data]));
    source.addEventListener("message", () => refresh(["messages"], ["home"]));
    return () => source.close();
  }, [client, on]);
}
