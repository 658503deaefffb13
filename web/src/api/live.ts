import { getJson } from "./http";
import type { AssistantName, Localized } from "./types";

/** What can be looked at live: an endoscope's tower, say. */
export interface LiveSource {
  id: string;
  name: Localized;
  /** Who looks along. */
  assistant: AssistantName;
}

/** A thing that the assistant outlines, followed from frame to frame, in pixels of the picture. */
export interface LiveTrack {
  id: number;
  outline: [number, number][];
  /** Left, top, right, bottom. */
  box: [number, number, number, number];
  confidence: number;
}

export interface LiveFrame {
  number: number;
  seconds: number;
  width: number;
  height: number;
  /** JPEG, Base64. */
  picture: string;
  tracks: LiveTrack[];
  /** Seconds from the camera until the tracks were known. */
  delay: number;
}

/** A frame that shows best something that was followed. */
export interface ProposedFrame {
  number: number;
  seconds: number;
  width: number;
  height: number;
  /** JPEG, Base64. */
  picture: string;
  track: LiveTrack;
}

/** What can fail: beginning it (the line then ends), looking (no more frames come), keeping a frame. */
export type LiveAct = "begin" | "look" | "keep";

export type LiveMessage =
  | { kind: "frame"; frame: LiveFrame }
  | { kind: "proposed"; frames: ProposedFrame[] }
  | { kind: "kept"; number: number; instance: string }
  | { kind: "failed"; act: LiveAct; outcome: unknown }
  | { kind: "ended" };

export function getLiveSources(signal?: AbortSignal): Promise<LiveSource[]> {
  return getJson("/care/live", signal);
}

/** Lasts as long as the socket. The node sends one frame each time that it is asked for the next. */
export function openLive(caseId: string, source: string): WebSocket {
  const path = `/care/cases/${encodeURIComponent(caseId)}/live/${encodeURIComponent(source)}`;
  return new WebSocket(new URL(path, window.location.href.replace(/^http/, "ws")));
}
