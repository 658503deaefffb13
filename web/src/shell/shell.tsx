import { useQuery } from "@tanstack/react-query";
import { type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { getMessages } from "@/api/cases";
import type { User } from "@/api/types";
import { useLiveUpdates } from "@/state/live";
import { useOnline } from "@/state/online";
import { useOrganizations } from "@/state/organizations";
import { AccountMenu } from "./account-menu";
import { LanguageSwitch } from "./language-switch";
import { Navigation } from "./navigation";
import styles from "./shell.module.css";

const withMessages = ["clinician", "specialist"];

/** What stands around every screen: where one can go, who is signed in, whether the line is up. */
export function Shell({ user, children }: { user: User; children: ReactNode }) {
  const { t } = useTranslation();
  const { nameOf } = useOrganizations();
  const online = useOnline();
  const messages = useQuery({
    queryKey: ["messages"],
    queryFn: ({ signal }) => getMessages(signal),
    enabled: withMessages.includes(user.role),
  });
  useLiveUpdates(user.role !== "resident");
  return (
    <div className={styles.shell}>
      <header className={`${styles.header} no-print`}>
        <a className={styles.skip} href="#main" onClick={skipToMain}>
          {t("shell.skip")}
        </a>
        <span className={styles.product}>Meridian</span>
        <Navigation role={user.role} unread={messages.data?.unread ?? 0} />
        <span className={styles.organization}>
          {nameOf({ id: user.organization, name: user.organizationName })}
        </span>
        <LanguageSwitch />
        <AccountMenu user={user} />
      </header>
      {!online && (
        <div className={styles.offline} role="status">
          {t("shell.offline")}
        </div>
      )}
      <main id="main" className={styles.main} tabIndex={0}>
        {children}
      </main>
    </div>
  );
}

// The address's fragment is the router's; so the focus is moved here.
function skipToMain(event: { preventDefault: () => void }): void {
  event.preventDefault();
  document.getElementById("main")?.focus();
}
