import { createReadStream, existsSync, statSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { extname, join, normalize } from "node:path";
import { Refusal } from "./call";
import { routes } from "./routes";
import { freshState } from "./state";

// A node of docs/console-api.md for tests: deterministic data, no checks beyond what a screen can meet.

const types: Record<string, string> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".css": "text/css",
  ".svg": "image/svg+xml",
};

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts);
}

function refuse(response: ServerResponse, status: number, diagnostics: string): void {
  response.writeHead(status, { "Content-Type": "application/fhir+json" });
  response.end(
    JSON.stringify({ resourceType: "OperationOutcome", issue: [{ severity: "error", diagnostics }] }),
  );
}

function sendFile(response: ServerResponse, root: string, path: string): void {
  const file = join(root, normalize(path === "/" ? "/index.html" : path));
  if (!file.startsWith(root) || !existsSync(file) || !statSync(file).isFile()) {
    return refuse(response, 404, `There is nothing at ${path}`);
  }
  response.writeHead(200, { "Content-Type": types[extname(file)] ?? "application/octet-stream" });
  createReadStream(file).pipe(response);
}

/** Serves the console in a folder, and a node's answers beside it. */
export function mockNode(folder: string): Server {
  const state = freshState();
  return createServer(async (request, response) => {
    const url = new URL(request.url ?? "/", "http://mock");
    const route = routes.find(([method, pattern]) => method === request.method && pattern.test(url.pathname));
    if (!route) return sendFile(response, folder, url.pathname);
    const [, pattern, handle] = route;
    const parts = pattern.exec(url.pathname)!.slice(1);
    try {
      const body = await bodyOf(request);
      if (!state.user && !url.pathname.startsWith("/auth/")) throw new Refusal(401, "Nobody is signed in");
      const answer = handle({ state, request, response, parts, parameters: url.searchParams, body });
      if (response.headersSent) return;
      if (answer === undefined) return void response.writeHead(204).end();
      response.writeHead(200, { "Content-Type": "application/json" });
      response.end(JSON.stringify(answer));
    } catch (error) {
      refuse(response, error instanceof Refusal ? error.status : 500, String((error as Error).message));
    }
  });
}
