import { useQuery, useQueryClient } from "@tanstack/react-query";
import { createContext, useContext, useEffect, useMemo, useState, type ReactNode } from "react";
import { setSignedOutHandler } from "@/api/http";
import { currentUser, signIn, signOut } from "@/api/session";
import type { User } from "@/api/types";
import { keepFor } from "./kept";

interface SessionState {
  /** undefined: not known yet; null: nobody is signed in. */
  user: User | null | undefined;
  /** Whether the node has ended the session: nobody signed out. */
  ended: boolean;
  error: unknown;
  retry: () => void;
  enter: (username: string, password: string) => Promise<void>;
  leave: () => Promise<void>;
}

const SessionContext = createContext<SessionState | null>(null);
const sessionKey = ["session"];

async function knownUser(): Promise<User | null> {
  const user = await currentUser();
  if (user) keepFor(user.id);
  return user;
}

export function SessionProvider({ children }: { children: ReactNode }) {
  const client = useQueryClient();
  const session = useQuery({ queryKey: sessionKey, queryFn: knownUser, staleTime: Infinity });
  const { data: user, error, refetch } = session;
  const [entered, setEntered] = useState(false);

  useEffect(() => setSignedOutHandler(() => client.setQueryData(sessionKey, null)), [client]);

  useEffect(() => {
    if (user) setEntered(true);
  }, [user]);

  const state = useMemo<SessionState>(() => {
    // What one person was shown is not for the next.
    const forgetOthers = () =>
      client.removeQueries({ predicate: (query) => query.queryKey[0] !== sessionKey[0] });
    return {
      user,
      ended: entered && user === null,
      error,
      retry: () => void refetch(),
      enter: async (username, password) => {
        const signedIn = await signIn(username, password);
        keepFor(signedIn.id);
        forgetOthers();
        client.setQueryData(sessionKey, signedIn);
      },
      leave: async () => {
        await signOut();
        setEntered(false);
        forgetOthers();
        client.setQueryData(sessionKey, null);
      },
    };
  }, [user, entered, error, refetch, client]);
  return <SessionContext.Provider value={state}>{children}</SessionContext.Provider>;
}

export function useSession(): SessionState {
  const state = useContext(SessionContext);
  if (!state) throw new Error("useSession outside SessionProvider");
  return state;
}

/** The signed-in user; only for screens that are shown to one. */
export function useUser(): User {
  const { user } = useSession();
  if (!user) throw new Error("useUser without a session");
  return user;
}
