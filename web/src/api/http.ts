// One way to the node: cookies, the CSRF token, and errors as the node words them.

export class ApiError extends Error {
  constructor(
    readonly status: number,
    /** What was wrong, where, and what to do: from the OperationOutcome. Empty when the node did not say. */
    readonly what: string,
    readonly where: string = "",
    readonly advice: string = "",
  ) {
    super(what || `HTTP ${status}`);
  }

  /** True when no answer came at all: the line or the node is down. */
  get offline(): boolean {
    return this.status === 0;
  }
}

let csrf = "";
let onSignedOut: () => void = () => undefined;

export function setCsrf(token: string): void {
  csrf = token;
}

/** Called when the node no longer knows the session. */
export function setSignedOutHandler(handler: () => void): void {
  onSignedOut = handler;
}

/** The headers by which the node accepts a change. */
export function changeHeaders(): Record<string, string> {
  return csrf ? { "X-CSRF-Token": csrf } : {};
}

/** The error in the body of a failed answer. */
export function errorFrom(status: number, body: string): ApiError {
  try {
    const issue = JSON.parse(body).issue?.[0] ?? {};
    return new ApiError(
      status,
      issue.diagnostics ?? "",
      issue.expression?.[0] ?? "",
      issue.details?.text ?? "",
    );
  } catch {
    return new ApiError(status, "");
  }
}

export async function send(path: string, options: RequestInit = {}): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(path, { credentials: "same-origin", ...options });
  } catch (reason) {
    if (options.signal?.aborted) throw reason;
    throw new ApiError(0, "");
  }
  if (response.ok) return response;
  if (response.status === 401 && !path.startsWith("/auth/")) onSignedOut();
  throw errorFrom(response.status, await response.text());
}

export async function getJson<T>(path: string, signal?: AbortSignal): Promise<T> {
  const response = await send(path, { headers: { Accept: "application/json" }, signal });
  return (await response.json()) as T;
}

export async function change<T>(method: "POST" | "PUT", path: string, body?: unknown): Promise<T> {
  const response = await send(path, {
    method,
    headers: { "Content-Type": "application/json", Accept: "application/json", ...changeHeaders() },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const text = await response.text();
  return (text ? JSON.parse(text) : undefined) as T;
}

/** A query string of the parameters that are set. */
export function query(parameters: Record<string, string | number | undefined>): string {
  const set = Object.entries(parameters).filter(([, value]) => value !== undefined && value !== "");
  return set.length ? `?${new URLSearchParams(set.map(([name, value]) => [name, String(value)]))}` : "";
}
