import { CheckOutlined, QuestionCircleOutlined, StopOutlined } from "@ant-design/icons";
import { Button } from "antd";
import { useTranslation } from "react-i18next";
import type { Consent } from "@/api/consent";
import styles from "./patient-banner.module.css";

const kinds = {
  granted: { icon: CheckOutlined, className: styles.quiet },
  withheld: { icon: StopOutlined, className: styles.alarm },
  "not-asked": { icon: QuestionCircleOutlined, className: styles.quiet },
};

/** What to say of both answers: a refusal first, then what nobody asked. */
function worded({ assistants, colleagues }: Consent) {
  if (assistants === "withheld" && colleagues === "withheld") return ["withheld", "withheld"] as const;
  if (assistants === "withheld") return ["withheld", "withheldAssistants"] as const;
  if (colleagues === "withheld") return ["withheld", "withheldColleagues"] as const;
  if (assistants === "granted" && colleagues === "granted") return ["granted", "granted"] as const;
  return ["not-asked", "not-asked"] as const;
}

/** The patient's consent in a word; who may record it presses it. */
export function ConsentMark({ consent, onRecord }: { consent: Consent; onRecord?: () => void }) {
  const { t } = useTranslation();
  const [kind, words] = worded(consent);
  const { icon: Icon, className } = kinds[kind];
  const text = (
    <>
      <Icon aria-hidden /> {t(`consent.${words}`)}
    </>
  );
  if (!onRecord) return <span className={className}>{text}</span>;
  return (
    <Button type="link" size="small" className={`${className} ${styles.press}`} onClick={onRecord}>
      {text}
    </Button>
  );
}
