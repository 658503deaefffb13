import { useEffect, useRef, useState } from "react";
import { errorFrom } from "@/api/http";
import { openLive, type LiveFrame, type LiveMessage } from "@/api/live";

export type LiveState = "connecting" | "running" | "ended" | "lost";

export interface Shown {
  frame: LiveFrame;
  picture: ImageBitmap;
}

export interface Live {
  state: LiveState;
  shown: Shown | null;
  /** Frames a second, over the last one. */
  rate: number;
  /** How many frames of this examination are in the case. */
  kept: number;
  failure: unknown;
  /** Asks for the frame on the screen to be kept in the case. */
  keep: () => void;
}

async function decode(frame: LiveFrame): Promise<Shown> {
  const bytes = Uint8Array.from(atob(frame.picture), (letter) => letter.charCodeAt(0));
  return { frame, picture: await createImageBitmap(new Blob([bytes], { type: "image/jpeg" })) };
}

/** The live picture of a source, as long as the component lives. */
export function useLive(caseId: string, source: string, onKept: () => void): Live {
  const [state, setState] = useState<LiveState>("connecting");
  const [shown, setShown] = useState<Shown | null>(null);
  const [rate, setRate] = useState(0);
  const [kept, setKept] = useState(0);
  const [failure, setFailure] = useState<unknown>(null);
  const socket = useRef<WebSocket | null>(null);
  const number = useRef(0);
  const tellKept = useRef(onKept);
  tellKept.current = onKept;

  useEffect(() => {
    const opened = openLive(caseId, source);
    socket.current = opened;
    let times: number[] = [];
    const show = async (frame: LiveFrame) => {
      const next = await decode(frame);
      if (socket.current !== opened) return;
      number.current = frame.number;
      times = [...times.filter((time) => time > performance.now() - 1000), performance.now()];
      setRate(times.length);
      setState("running");
      setShown((before) => {
        before?.picture.close();
        return next;
      });
      // Only now: a slow line or machine misses frames, and never falls behind.
      if (opened.readyState === WebSocket.OPEN) opened.send(JSON.stringify({ next: frame.number }));
    };
    opened.onopen = () => opened.send(JSON.stringify({ next: 0 }));
    opened.onmessage = ({ data }) => {
      const message = JSON.parse(String(data)) as LiveMessage;
      if (message.kind === "frame") void show(message.frame);
      if (message.kind === "ended") setState("ended");
      if (message.kind === "failed") setFailure(errorFrom(400, JSON.stringify(message.outcome)));
      if (message.kind === "kept") {
        setFailure(null);
        setKept((count) => count + 1);
        tellKept.current();
      }
    };
    opened.onclose = () => setState((before) => (before === "ended" ? before : "lost"));
    return () => {
      socket.current = null;
      opened.onclose = null;
      opened.close();
    };
  }, [caseId, source]);

  const keep = () => {
    if (state === "running") socket.current?.send(JSON.stringify({ keep: number.current }));
  };
  return { state, shown, rate, kept, failure, keep };
}
