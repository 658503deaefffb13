import { useQueryClient, type QueryClient } from "@tanstack/react-query";
import { useEffect } from "react";

/** How long to wait before a stream that the node refused is asked for again, in milliseconds. */
const pause = 5000;

/**
 * Asks again for what the node says has changed, for as long as someone is signed in. After a broken line all
 * is asked for again, since nobody told what changed meanwhile.
 */
export function useLiveUpdates(on: boolean): void {
  const client = useQueryClient();
  useEffect(() => (on ? follow(client) : undefined), [client, on]);
}

/** Follows the node's events; gives what ends it. */
function follow(client: QueryClient): () => void {
  const refresh = (...keys: string[][]) =>
    keys.forEach((queryKey) => void client.invalidateQueries({ queryKey }));
  let source: EventSource;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let interrupted = false;

  const connect = () => {
    source = new EventSource("/care/events");
    source.addEventListener("worklist", () => refresh(["worklist"], ["home"]));
    source.addEventListener("case", (event) => refresh(["case", (event as MessageEvent<string>).data]));
    source.addEventListener("message", () => refresh(["messages"], ["home"]));
    source.addEventListener("ready", () => {
      if (interrupted) refresh(["worklist"], ["home"], ["case"], ["messages"]);
      interrupted = false;
    });
    source.addEventListener("error", () => {
      interrupted = true;
      if (source.readyState !== EventSource.CLOSED) return; // the browser tries again by itself
      refresh(["session"]); // which leads to the sign-in when the session has ended
      timer = setTimeout(connect, pause);
    });
  };
  connect();
  return () => {
    clearTimeout(timer);
    source.close();
  };
}
