import { useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { useNavigate } from "react-router-dom";
import { openCase } from "@/api/cases";
import type { PictureKindId } from "@/api/picture-kind";
import type { Priority } from "@/api/types";
import { parcels } from "@/api/parcels";
import { uploadRecording } from "@/api/upload";

interface Order {
  patient: string;
  reason: string;
  priority: Priority;
  files: File[];
  /** What those that are pictures show. */
  kind: PictureKindId | null;
}

/**
 * Opens a case and sends its files one after another. A retry goes on with what has not arrived: the case is
 * not
 * opened twice, nor a file sent twice.
 */
export function useSending(onDone: () => void) {
  const navigate = useNavigate();
  const client = useQueryClient();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const [progress, setProgress] = useState<Record<string, number>>({});
  const [failures, setFailures] = useState<Record<string, unknown>>({});
  const order = useRef<Order | null>(null);
  const opened = useRef<string | null>(null);
  const arrived = useRef(new Set<string>());

  const send = async (): Promise<void> => {
    if (!order.current) return;
    const { patient, reason, priority, files, kind } = order.current;
    opened.current ??= await openCase(`Patient/${patient}`, reason, priority);
    let failed: unknown = null;
    for (const parcel of await parcels(files)) {
      if (arrived.current.has(parcel.name)) continue;
      try {
        await uploadRecording(
          opened.current,
          parcel,
          (share) => setProgress((known) => ({ ...known, [parcel.name]: share })),
          kind,
        );
        arrived.current.add(parcel.name);
      } catch (reasonOfFile) {
        failed = reasonOfFile;
        setFailures((known) => ({ ...known, [parcel.name]: reasonOfFile }));
      }
    }
    if (failed) throw failed;
    onDone();
    void client.invalidateQueries({ queryKey: ["home"] });
    navigate(`/case/${encodeURIComponent(opened.current)}`);
  };

  const run = async () => {
    setBusy(true);
    setError(null);
    setFailures({});
    try {
      await send();
    } catch (reason) {
      setError(reason);
    } finally {
      setBusy(false);
    }
  };

  return {
    busy,
    error,
    progress,
    failures,
    start: (next: Order) => {
      order.current = next;
      void run();
    },
    retry: () => void run(),
  };
}
