import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { getMessages } from "@/api/cases";
import { Empty } from "@/components/empty";
import { Loaded } from "@/components/loaded";
import { MessageLine } from "@/components/message-line";
import { Page } from "@/components/page";
import styles from "./messages.module.css";

export default function Messages() {
  const { t } = useTranslation();
  const messages = useQuery({ queryKey: ["messages"], queryFn: ({ signal }) => getMessages(signal) });
  return (
    <Page title={t("places.messages")}>
      <div className={styles.sheet}>
        <Loaded query={messages} what={t("messages.what")} rows={8} height={48}>
          {({ rows }) =>
            rows.length ? (
              <ul className={styles.list}>
                {rows.map((message) => (
                  <li key={message.id}>
                    <MessageLine message={message} />
                  </li>
                ))}
              </ul>
            ) : (
              <Empty title={t("messages.empty")} />
            )
          }
        </Loaded>
      </div>
    </Page>
  );
}
