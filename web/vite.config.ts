import react from "@vitejs/plugin-react";
import { fileURLToPath, URL } from "node:url";
import { defineConfig } from "vitest/config";

// While developing, the node (or the mock of tests/mock) answers everything that is not a page of the
// console.
const node = process.env.MERIDIAN_URL ?? "http://127.0.0.1:8090";
const served = ["/auth", "/care", "/fhir", "/dicomweb", "/assistants", "/ledger"];

export default defineConfig({
  base: "./",
  plugins: [react()],
  resolve: { alias: { "@": fileURLToPath(new URL("./src", import.meta.url)) } },
  server: { proxy: Object.fromEntries(served.map((path) => [path, node])) },
  build: {
    target: "es2020",
    chunkSizeWarningLimit: 900,
    modulePreload: { polyfill: false },
  },
  test: { include: ["tests/unit/**/*.test.ts"] },
});
