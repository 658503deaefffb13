import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { ApiError } from "./api/http";
import { App } from "./app";
import { startLanguage } from "./locales";
import { SessionProvider } from "./state/session";
import { publishTokens } from "./theme/tokens";
import "./theme/global.css";

// A request that the node refused will be refused again; only a dead line is worth a second try.
const client = new QueryClient({
  defaultOptions: {
    queries: {
      retry: (failures, error) => error instanceof ApiError && error.offline && failures < 2,
      networkMode: "always",
    },
    mutations: { networkMode: "always" },
  },
});

publishTokens(document.documentElement);
startLanguage();
createRoot(document.getElementById("root")!).render(
  <StrictMode>
    <QueryClientProvider client={client}>
      <SessionProvider>
        <App />
      </SessionProvider>
    </QueryClientProvider>
  </StrictMode>,
);
