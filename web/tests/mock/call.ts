import type { IncomingMessage, ServerResponse } from "node:http";
import type { State } from "./state";

export interface Call {
  state: State;
  request: IncomingMessage;
  response: ServerResponse;
  /** What the pattern's groups caught. */
  parts: string[];
  parameters: URLSearchParams;
  body: Buffer;
}

export class Refusal extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

export type Handler = (call: Call) => unknown;
export type Route = [method: string, pattern: RegExp, handler: Handler];

/** The body of a request, read as JSON. */
export const json = (call: Call) => JSON.parse(call.body.toString() || "{}");
