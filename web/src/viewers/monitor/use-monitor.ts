import { useEffect, useRef, useState, type MutableRefObject } from "react";
import type { MonitorAlarm, MonitorMessage } from "@/api/monitor";
import { MonitorLine, type LineStatus } from "./monitor-line";
import { SignalWindow } from "./signal-window";

export interface Watched extends LineStatus {
  name: string;
  /** Changes without the component being drawn again: what draws reads it. */
  signal: MutableRefObject<SignalWindow | null>;
  rate: number | null;
  beginAgain: () => void;
}

interface AlarmEvents {
  /** The monitor that sends now, or null. */
  monitor: string | null;
  hear: (alarms: MonitorAlarm[]) => void;
  hearAcknowledged: (alarm: string) => void;
}

/** The monitor of a case, as long as the component lives. */
export function useMonitor(caseId: string, alarms: AlarmEvents): Watched {
  const [status, setStatus] = useState<LineStatus>({ state: "connecting", failure: null, comesAgain: false });
  const [name, setName] = useState("");
  const [rate, setRate] = useState<number | null>(null);
  const signal = useRef<SignalWindow | null>(null);
  const line = useRef<MonitorLine | null>(null);
  const tell = useRef(alarms);
  tell.current = alarms;

  useEffect(() => {
    const takeRate = () => setRate(signal.current?.rate() ?? null);
    const hear = (message: MonitorMessage) => {
      switch (message.kind) {
        case "monitor":
          signal.current = new SignalWindow(message.leads, message.samplingFrequency, message.at);
          signal.current.add(message.at, message.samples);
          message.beats.forEach((beat) => signal.current?.addBeat(beat));
          setName(message.name);
          return tell.current.hear(message.alarms);
        case "samples":
          return signal.current?.add(message.at, message.samples);
        case "beat":
          signal.current?.addBeat(message);
          return takeRate();
        case "alarm":
          return tell.current.hear([message.alarm]);
        case "acknowledged":
          return tell.current.hearAcknowledged(message.id);
      }
    };
    const opened = new MonitorLine(caseId, { hear, hearStatus: setStatus });
    line.current = opened;
    opened.open();
    const beatless = setInterval(takeRate, 1000); // a rate that no beat follows is none
    return () => {
      clearInterval(beatless);
      opened.close();
    };
  }, [caseId]);

  // The node says that a monitor sends again.
  useEffect(() => {
    if (alarms.monitor !== null && line.current?.isOver) line.current.open();
  }, [alarms.monitor]);

  return {
    ...status,
    name,
    signal,
    rate: status.state === "running" ? rate : null,
    beginAgain: () => line.current?.beginAgain(),
  };
}
