import { useTranslation } from "react-i18next";
import { NavLink } from "react-router-dom";
import type { Role } from "@/api/types";
import { placesOf } from "./places";
import styles from "./navigation.module.css";

/** The places of a role: in the header, on a phone in a bar at the bottom under the thumb. */
export function Navigation({ role, unread }: { role: Role; unread: number }) {
  const { t } = useTranslation();
  return (
    <nav className={styles.navigation} aria-label={t("shell.navigation")}>
      {placesOf(role).map(({ name, path, Icon }) => (
        <NavLink
          key={name}
          to={path}
          className={({ isActive }) => `${styles.place} ${isActive ? styles.here : ""}`}
        >
          <Icon aria-hidden className={styles.icon} />
          <span>{t(`places.${name}`)}</span>
          {name === "messages" && unread > 0 && (
            <span className={styles.unread}>
              {unread}
              <span className="visually-hidden"> {t("shell.unread", { count: unread })}</span>
            </span>
          )}
        </NavLink>
      ))}
    </nav>
  );
}
