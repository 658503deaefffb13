import { change, getJson } from "./http";
import type { AssistantState } from "./types";

export function getAssistants(signal?: AbortSignal): Promise<AssistantState[]> {
  return getJson("/assistants", signal);
}

export function switchAssistant(id: string, on: boolean, reason: string): Promise<AssistantState> {
  return change("PUT", `/assistants/${encodeURIComponent(id)}/state`, { on, reason });
}
