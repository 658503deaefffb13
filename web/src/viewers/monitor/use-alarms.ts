import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { acknowledgeAlarm, getAlarms, type CaseAlarms, type MonitorAlarm } from "@/api/monitor";
import { ApiError } from "@/api/http";
import { noneHeard, openAlarms, pastAlarms, type Heard } from "./open-alarms";

export interface Alarms {
  /** The monitor that sends now, or null. */
  monitor: string | null;
  /** Those that nobody has acknowledged, the newest first. */
  open: MonitorAlarm[];
  /** Those that somebody has acknowledged, the newest first. */
  past: MonitorAlarm[];
  /** Of acknowledging. */
  failure: unknown;
  /** Of asking for them: then only those that came by the line are known. Only clinicians are told of any. */
  unknown: unknown;
  acknowledge: (alarm: string) => void;
  /** What the monitor's line says. */
  hear: (alarms: MonitorAlarm[]) => void;
  hearAcknowledged: (alarm: string) => void;
  refresh: () => void;
}

/** The alarms of a case. Their key lies below the case's: what refreshes the case refreshes them too. */
export function useAlarms(caseId: string): Alarms {
  const client = useQueryClient();
  const queryKey = ["case", caseId, "alarms"];
  const { data, error } = useQuery({ queryKey, queryFn: ({ signal }) => getAlarms(caseId, signal) });
  const [failure, setFailure] = useState<unknown>(null);
  const [heard, setHeard] = useState<Heard>(noneHeard);
  useEffect(() => setHeard(noneHeard), [caseId]);
  const refresh = () => void client.invalidateQueries({ queryKey });
  const hearAcknowledged = (alarm: string) =>
    setHeard((before) => ({ ...before, acknowledged: [...before.acknowledged, alarm] }));
  return {
    monitor: data?.monitor ?? null,
    open: openAlarms(data?.alarms ?? [], heard),
    past: pastAlarms(data?.alarms ?? [], heard),
    failure,
    unknown: error instanceof ApiError && error.status === 403 ? null : error,
    acknowledge: (alarm) => {
      setFailure(null);
      acknowledgeAlarm(caseId, alarm).then(
        (alarms) => {
          hearAcknowledged(alarm);
          client.setQueryData<CaseAlarms>(queryKey, alarms);
        },
        (reason: unknown) => setFailure(reason),
      );
    },
    hear: (alarms) => {
      setHeard((before) => ({ ...before, alarms: [...before.alarms, ...alarms] }));
      refresh();
    },
    hearAcknowledged: (alarm) => {
      hearAcknowledged(alarm);
      refresh();
    },
    refresh,
  };
}
