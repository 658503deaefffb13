import { useEffect, useRef, useState, type MutableRefObject } from "react";
import { errorFrom } from "@/api/http";
import { openMonitor, type MonitorAlarm, type MonitorMessage } from "@/api/monitor";
import { SignalWindow } from "./signal-window";

export type MonitorState = "connecting" | "running" | "ended" | "lost" | "failed";

export interface Watched {
  state: MonitorState;
  name: string;
  /** Changes without the component being drawn again: what draws reads it. */
  signal: MutableRefObject<SignalWindow | null>;
  rate: number | null;
  failure: unknown;
  /** The line is lost, and is opened again by itself after a while. */
  comesAgain: boolean;
  beginAgain: () => void;
}

/** Seconds after which a line that says nothing is lost, until it speaks again. */
const silentSeconds = 5;

/** Seconds between tries to open a lost line again: doubled each time up to the longest. */
const firstPause = 1;
const longestPause = 30;

interface AlarmEvents {
  /** The monitor that sends now, or null. */
  monitor: string | null;
  hear: (alarms: MonitorAlarm[]) => void;
  hearAcknowledged: (alarm: string) => void;
}

/** The monitor of a case, as long as the component lives. */
export function useMonitor(caseId: string, alarms: AlarmEvents): Watched {
  const [state, setState] = useState<MonitorState>("connecting");
  const [name, setName] = useState("");
  const [rate, setRate] = useState<number | null>(null);
  const [failure, setFailure] = useState<unknown>(null);
  const [comesAgain, setComesAgain] = useState(false);
  const [beginning, setBeginning] = useState(1);
  /** Tries since the line was lost. */
  const tries = useRef(0);
  const signal = useRef<SignalWindow | null>(null);
  const tell = useRef(alarms);
  tell.current = alarms;

  useEffect(() => {
    const opened = openMonitor(caseId);
    let heard = Date.now();
    let again: ReturnType<typeof setTimeout> | undefined;
    let over = false; // as the node has said
    const lose = () => {
      setRate(null);
      setState("lost");
      setComesAgain(true);
      again ??= setTimeout(
        () => setBeginning((count) => count + 1),
        1000 * Math.min(longestPause, firstPause * 2 ** tries.current),
      );
      tries.current += 1;
    };
    const hear = (message: MonitorMessage) => {
      switch (message.kind) {
        case "monitor":
          signal.current = new SignalWindow(message.leads, message.samplingFrequency, message.at);
          signal.current.add(message.at, message.samples);
          message.beats.forEach((beat) => signal.current?.addBeat(beat));
          setName(message.name);
          tries.current = 0;
          setComesAgain(false);
          tell.current.hear(message.alarms);
          return setState("running");
        case "samples":
          setState((before) => (before === "lost" ? "running" : before)); // it only stalled
          return signal.current?.add(message.at, message.samples);
        case "beat":
          signal.current?.addBeat(message);
          return setRate(signal.current?.rate() ?? null);
        case "alarm":
          return tell.current.hear([message.alarm]);
        case "acknowledged":
          return tell.current.hearAcknowledged(message.id);
        case "ended":
          over = true;
          if (message.lost) return lose();
          setRate(null);
          return setState("ended");
        case "failed":
          over = true;
          // The sender has not come again yet.
          if (message.act === "watch" && tries.current > 0) return lose();
          setFailure(errorFrom(400, JSON.stringify(message.outcome)));
          setState("failed");
      }
    };
    opened.onmessage = ({ data }) => {
      heard = Date.now();
      hear(JSON.parse(String(data)) as MonitorMessage);
    };
    opened.onclose = () => {
      if (!over) lose();
    };
    // A rate that no beat follows is none; and a line that says nothing is lost before the browser knows.
    const watch = setInterval(() => {
      setRate(signal.current?.rate() ?? null);
      if (Date.now() - heard > silentSeconds * 1000)
        setState((before) => (before === "running" ? "lost" : before));
    }, 1000);
    return () => {
      clearInterval(watch);
      clearTimeout(again);
      opened.onclose = null;
      opened.close();
    };
  }, [caseId, beginning]);

  const isOver = useRef(false);
  isOver.current = state === "ended" || state === "lost" || state === "failed";
  // The node says that a monitor sends again.
  useEffect(() => {
    if (alarms.monitor === null || !isOver.current) return;
    setFailure(null);
    setBeginning((count) => count + 1);
  }, [alarms.monitor]);

  return {
    state,
    name,
    signal,
    rate: state === "running" ? rate : null,
    failure,
    comesAgain: state === "lost" && comesAgain,
    beginAgain: () => {
      tries.current = 0;
      setState("connecting");
      setFailure(null);
      setBeginning((count) => count + 1);
    },
  };
}
