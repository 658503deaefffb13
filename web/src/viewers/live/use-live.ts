import { useEffect, useRef, useState } from "react";
import { errorFrom } from "@/api/http";
import { openLive, type LiveAct, type LiveFrame, type LiveMessage, type ProposedFrame } from "@/api/live";

export type LiveState = "connecting" | "running" | "ended" | "failed" | "lost";

export interface Shown {
  frame: LiveFrame;
  picture: ImageBitmap;
}

export interface Live {
  state: LiveState;
  shown: Shown | null;
  /** Frames a second, over the last one. */
  rate: number;
  /** The numbers of the frames of this examination that are in the case. */
  kept: number[];
  /** The frames that show best what was followed, once asked for, without those that were dropped. */
  proposed: ProposedFrame[];
  /** Asks for the frames that show best what was followed so far. */
  propose: () => void;
  drop: (number: number) => void;
  failure: { act: LiveAct; error: unknown } | null;
  /** Asks for a frame to be kept in the case: that on the screen, where none is named. */
  keep: (number?: number) => void;
  /** Once it has failed, ended or been lost. */
  beginAgain: () => void;
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
  const [kept, setKept] = useState<number[]>([]);
  const [proposed, setProposed] = useState<ProposedFrame[]>([]);
  const [dropped, setDropped] = useState<number[]>([]);
  const [failure, setFailure] = useState<Live["failure"]>(null);
  const [beginning, setBeginning] = useState(1);
  const socket = useRef<WebSocket | null>(null);
  const number = useRef(0);
  const tellKept = useRef(onKept);
  tellKept.current = onKept;

  useEffect(() => {
    const opened = openLive(caseId, source);
    socket.current = opened;
    let times: number[] = [];
    const show = (next: Shown) => {
      if (socket.current !== opened) return next.picture.close();
      number.current = next.frame.number;
      times = [...times.filter((time) => time > performance.now() - 1000), performance.now()];
      setRate(times.length);
      setState("running");
      setFailure((before) => (before?.act === "look" ? null : before));
      setShown((before) => {
        before?.picture.close();
        return next;
      });
    };
    const receive = async (frame: LiveFrame) => {
      try {
        show(await decode(frame));
      } catch (error) {
        if (socket.current === opened) setFailure({ act: "look", error }); // until one can be shown
      }
      // Only now: a slow line or machine misses frames, and never falls behind.
      if (opened.readyState === WebSocket.OPEN) opened.send(JSON.stringify({ next: frame.number }));
    };
    opened.onopen = () => opened.send(JSON.stringify({ next: 0 }));
    opened.onmessage = ({ data }) => {
      const message = JSON.parse(String(data)) as LiveMessage;
      if (message.kind === "frame") void receive(message.frame);
      if (message.kind === "ended") {
        setState("ended");
        opened.send(JSON.stringify({ propose: true }));
      }
      if (message.kind === "proposed") setProposed(message.frames);
      if (message.kind === "failed") {
        setFailure({ act: message.act, error: errorFrom(400, JSON.stringify(message.outcome)) });
        if (message.act !== "keep") setState("failed");
      }
      if (message.kind === "kept") {
        setFailure((before) => (before?.act === "keep" ? null : before));
        setKept((numbers) => [...numbers, message.number]);
        tellKept.current();
      }
    };
    opened.onclose = () =>
      setState((before) => (before === "ended" || before === "failed" ? before : "lost"));
    return () => {
      socket.current = null;
      opened.onclose = null;
      opened.close();
    };
  }, [caseId, source, beginning]);

  const say = (words: object) => {
    if (socket.current?.readyState === WebSocket.OPEN) socket.current.send(JSON.stringify(words));
  };
  const keep = (wanted?: number) => {
    if (wanted !== undefined || state === "running") say({ keep: wanted ?? number.current });
  };
  const beginAgain = () => {
    setState("connecting");
    setFailure(null);
    setKept([]);
    setProposed([]);
    setDropped([]);
    setBeginning((count) => count + 1);
  };
  return {
    state,
    shown,
    rate,
    kept,
    proposed: proposed.filter((frame) => !dropped.includes(frame.number)),
    failure,
    keep,
    propose: () => say({ propose: true }),
    drop: (unwanted) => setDropped((numbers) => [...numbers, unwanted]),
    beginAgain,
  };
}
