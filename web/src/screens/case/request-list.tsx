import { SendOutlined } from "@ant-design/icons";
import { useTranslation } from "react-i18next";
import type { CasePage } from "@/api/types";
import { RelativeTime } from "@/components/relative-time";
import { useOrganizations } from "@/state/organizations";
import styles from "./request-list.module.css";

/** Who asked whom for an opinion, and what. */
export function RequestList({ page }: { page: CasePage }) {
  const { t } = useTranslation();
  const { nameOf } = useOrganizations();
  if (!page.requests.length) return null;
  return (
    <section className={styles.list} aria-label={t("request.list")}>
      {page.requests.map((request) => (
        <p key={request.id}>
          <SendOutlined aria-hidden />{" "}
          <b>
            {t("request.fromTo", { from: nameOf(request.from), to: request.to ? nameOf(request.to) : "" })}
          </b>{" "}
          <span className="secondary">
            <RelativeTime at={request.at} />
          </span>
          <br />
          {request.question}
        </p>
      ))}
    </section>
  );
}
