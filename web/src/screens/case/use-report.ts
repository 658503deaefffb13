import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useRef, useState } from "react";
import { saveReport, type ReportInput } from "@/api/cases";
import { ApiError } from "@/api/http";
import type { CasePage } from "@/api/types";
import { forget, keep, readKept } from "@/state/kept";

export type SaveState = "saved" | "pending" | "offline" | "conflict" | "failed";

/** How long the pen rests before the node is told, in milliseconds. */
const rest = 1200;

/**
 * The unsigned report as it is being written. Each change is kept in this browser at once and sent to the
 * node
 * when the pen rests; what the node has not acknowledged is still here after a reload.
 */
export function useReport(page: CasePage) {
  const client = useQueryClient();
  const key = `report.${page.id}`;
  const [input, setInput] = useState<ReportInput>(
    () =>
      readKept<ReportInput>(key) ?? {
        text: page.report?.text ?? "",
        accepted: page.report?.accepted ?? [],
        version: page.report?.version ?? null,
      },
  );
  const [state, setState] = useState<SaveState>(() => (readKept(key) ? "pending" : "saved"));
  const latest = useRef(input);
  latest.current = input;

  const save = useCallback(async () => {
    const sent = latest.current;
    try {
      const { version } = await saveReport(page.id, sent);
      setInput((now) => ({ ...now, version }));
      if (latest.current.text !== sent.text || latest.current.accepted !== sent.accepted) return;
      forget(key);
      setState("saved");
    } catch (error) {
      const api = error instanceof ApiError ? error : null;
      setState(api?.offline ? "offline" : api?.status === 409 || api?.status === 412 ? "conflict" : "failed");
    }
  }, [page.id, key]);

  useEffect(() => {
    if (state !== "pending" || !page.may.sign) return;
    const timer = setTimeout(() => void save(), rest);
    return () => clearTimeout(timer);
  }, [state, input.text, input.accepted, save, page.may.sign]);

  useEffect(() => {
    if (state !== "offline") return;
    const again = () => setState("pending");
    window.addEventListener("online", again);
    return () => window.removeEventListener("online", again);
  }, [state]);

  const write = useCallback(
    (text: string, accepted = latest.current.accepted) => {
      const next = { ...latest.current, text, accepted };
      latest.current = next;
      setInput(next);
      keep(key, next);
      setState("pending");
    },
    [key],
  );

  /** Gives up what was written here for what the node has. */
  const takeTheirs = useCallback(async () => {
    forget(key);
    await client.refetchQueries({ queryKey: ["case", page.id] });
    const report = client.getQueryData<CasePage>(["case", page.id])?.report;
    setInput({
      text: report?.text ?? "",
      accepted: report?.accepted ?? [],
      version: report?.version ?? null,
    });
    setState("saved");
  }, [client, key, page.id]);

  /** Keeps what was written here over what the node has. */
  const keepMine = useCallback(async () => {
    await client.refetchQueries({ queryKey: ["case", page.id] });
    const report = client.getQueryData<CasePage>(["case", page.id])?.report;
    setInput((now) => ({ ...now, version: report?.version ?? null }));
    setState("pending");
  }, [client, page.id]);

  return {
    input,
    state,
    write,
    retry: () => setState("pending"),
    takeTheirs,
    keepMine,
    done: () => forget(key),
  };
}

export type ReportPen = ReturnType<typeof useReport>;
