import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { acknowledgeAlarm, getAlarms, type CaseAlarms, type MonitorAlarm } from "@/api/monitor";

export interface Alarms {
  /** The monitor that sends now, or null. */
  monitor: string | null;
  /** Those that nobody has acknowledged, the newest first. */
  open: MonitorAlarm[];
  failure: unknown;
  acknowledge: (alarm: string) => void;
  refresh: () => void;
}

/** The alarms of a case. Their key lies below the case's: what refreshes the case refreshes them too. */
export function useAlarms(caseId: string): Alarms {
  const client = useQueryClient();
  const queryKey = ["case", caseId, "alarms"];
  const { data } = useQuery({ queryKey, queryFn: ({ signal }) => getAlarms(caseId, signal) });
  const [failure, setFailure] = useState<unknown>(null);
  return {
    monitor: data?.monitor ?? null,
    open: data?.alarms.filter((alarm) => !alarm.acknowledgedBy) ?? [],
    failure,
    acknowledge: (alarm) => {
      setFailure(null);
      acknowledgeAlarm(caseId, alarm).then(
        (alarms) => client.setQueryData<CaseAlarms>(queryKey, alarms),
        (reason: unknown) => setFailure(reason),
      );
    },
    refresh: () => void client.invalidateQueries({ queryKey }),
  };
}
