import { useMutation, useQueryClient } from "@tanstack/react-query";
import { CheckCircleOutlined, MailOutlined, QuestionCircleOutlined, RobotOutlined } from "@ant-design/icons";
import { useTranslation } from "react-i18next";
import { Link } from "react-router-dom";
import { markRead } from "@/api/cases";
import type { Message } from "@/api/types";
import { useLanguage } from "@/locales/use-language";
import { RelativeTime } from "./relative-time";
import styles from "./message-line.module.css";

const icons = {
  asked: MailOutlined,
  answered: CheckCircleOutlined,
  question: QuestionCircleOutlined,
  draft: RobotOutlined,
};

/** A message as a link to its case; opening it marks it read. */
export function MessageLine({ message }: { message: Message }) {
  const { t } = useTranslation();
  const { local } = useLanguage();
  const client = useQueryClient();
  const read = useMutation({
    mutationFn: () => markRead(message.id),
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: ["messages"] });
      void client.invalidateQueries({ queryKey: ["home"] });
    },
  });
  const Icon = icons[message.kind] ?? MailOutlined;
  return (
    <Link
      to={`/case/${encodeURIComponent(message.case)}`}
      className={`${styles.message} ${message.read ? "" : styles.unread}`}
      onClick={() => !message.read && read.mutate()}
    >
      <Icon aria-hidden className={message.kind === "draft" ? styles.draft : styles.icon} />
      <span className={styles.words}>
        <span>
          {!message.read && <span className={styles.new}>{t("messages.new")} </span>}
          {message.patient.name}
        </span>
        <span>{local(message.text)}</span>
      </span>
      <span className={styles.at}>
        <RelativeTime at={message.at} />
      </span>
    </Link>
  );
}
