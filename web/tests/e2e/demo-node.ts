import { test as base } from "@playwright/test";
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";

const program = process.env.MERIDIAN_PROGRAM ?? resolve("../build/release/bin/meridian");

/** The address that a starting demonstration node prints. */
async function addressOf(node: ChildProcess): Promise<string> {
  for await (const line of createInterface({ input: node.stdout! })) {
    const match = /^Open\s+(\S+?)\/?$/.exec(line.trimEnd());
    if (match) return match[1]!;
  }
  throw new Error(`${program} ended before it printed its address`);
}

/** A demonstration node on free ports over a new folder, without real data: the same walk everywhere. */
async function withDemoNode(give: (url: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "meridian-e2e-"));
  const options = ["--port", "0", "--dicom-port", "0", "--data-folder", join(folder, "node")];
  const node = spawn(program, ["demo", ...options], {
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env, MERIDIAN_DATA: join(folder, "no-data") },
  });
  const ended = once(node, "exit");
  try {
    const url = await addressOf(node);
    node.stdout.resume();
    await give(url);
  } finally {
    node.kill("SIGTERM");
    await ended;
    await rm(folder, { recursive: true, force: true });
  }
}

/** Tests with a node of their own; MERIDIAN_URL names one that runs already. */
export const test = base.extend<object, { node: string }>({
  node: [
    async ({}, give) => {
      const running = process.env.MERIDIAN_URL;
      await (running ? give(running) : withDemoNode(give));
    },
    { scope: "worker", timeout: 120_000 },
  ],
  baseURL: async ({ node }, give) => give(node),
});

export { expect } from "@playwright/test";
