import { ApiError, change, getJson, setCsrf } from "./http";
import type { Session, User } from "./types";

export async function signIn(username: string, password: string): Promise<User> {
  const session = await change<Session>("POST", "/auth/sign-in", { username, password });
  setCsrf(session.csrf);
  return session.user;
}

/** Who is signed in, or null. */
export async function currentUser(): Promise<User | null> {
  try {
    const session = await getJson<Session>("/auth/me");
    setCsrf(session.csrf);
    return session.user;
  } catch (error) {
    if (error instanceof ApiError && error.status === 401) return null;
    throw error;
  }
}

export async function signOut(): Promise<void> {
  await change<void>("POST", "/auth/sign-out");
  setCsrf("");
}
