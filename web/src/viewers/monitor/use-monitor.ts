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
  beginAgain: () => void;
}

/** Seconds after which a line that says nothing is lost, until it speaks again. */
const silentSeconds = 5;

interface AlarmEvents {
  hear: (alarms: MonitorAlarm[]) => void;
  hearAcknowledged: (alarm: string) => void;
}

/** The monitor of a case, as long as the component lives. */
export function useMonitor(caseId: string, alarms: AlarmEvents): Watched {
  const [state, setState] = useState<MonitorState>("connecting");
  const [name, setName] = useState("");
  const [rate, setRate] = useState<number | null>(null);
  const [failure, setFailure] = useState<unknown>(null);
  const [beginning, setBeginning] = useState(1);
  const signal = useRef<SignalWindow | null>(null);
  const tell = useRef(alarms);
  tell.current = alarms;

  useEffect(() => {
    const opened = openMonitor(caseId);
    let heard = Date.now();
    const hear = (message: MonitorMessage) => {
      switch (message.kind) {
        case "monitor":
          signal.current = new SignalWindow(message.leads, message.samplingFrequency, message.at);
          signal.current.add(message.at, message.samples);
          message.beats.forEach((beat) => signal.current?.addBeat(beat));
          setName(message.name);
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
          setRate(null);
          return setState(message.lost ? "lost" : "ended");
        case "failed":
          setFailure(errorFrom(400, JSON.stringify(message.outcome)));
          setState("failed");
      }
    };
    opened.onmessage = ({ data }) => {
      heard = Date.now();
      hear(JSON.parse(String(data)) as MonitorMessage);
    };
    opened.onclose = () =>
      setState((before) => (before === "connecting" || before === "running" ? "lost" : before));
    // A rate that no beat follows is none; and a line that says nothing is lost before the browser knows.
    const watch = setInterval(() => {
      setRate(signal.current?.rate() ?? null);
      if (Date.now() - heard > silentSeconds * 1000)
        setState((before) => (before === "running" ? "lost" : before));
    }, 1000);
    return () => {
      clearInterval(watch);
      opened.onclose = null;
      opened.close();
    };
  }, [caseId, beginning]);

  return {
    state,
    name,
    signal,
    rate: state === "running" ? rate : null,
    failure,
    beginAgain: () => {
      setState("connecting");
      setFailure(null);
      setBeginning((count) => count + 1);
    },
  };
}
