import { useTranslation } from "react-i18next";
import type { Message } from "@/api/types";
import { Empty } from "@/components/empty";
import { MessageLine } from "@/components/message-line";
import styles from "./home-list.module.css";

/** The answers that came back, bold until they are read. */
export function AnswerList({ answers }: { answers: Message[] }) {
  const { t } = useTranslation();
  if (!answers.length) return <Empty title={t("home.noAnswers")} />;
  return (
    <ul className={styles.list}>
      {answers.map((message) => (
        <li key={message.id}>
          <MessageLine message={message} />
        </li>
      ))}
    </ul>
  );
}
