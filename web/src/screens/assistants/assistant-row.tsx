import { useTranslation } from "react-i18next";
import { Link } from "react-router-dom";
import type { AssistantState } from "@/api/types";
import { useLanguage } from "@/locales/use-language";
import { AssistantSwitch } from "./assistant-switch";
import { MetricText } from "./metric-text";
import { overall } from "./metrics";
import styles from "./assistants.module.css";

export function AssistantRow({ assistant }: { assistant: AssistantState }) {
  const { t } = useTranslation();
  const { local } = useLanguage();
  const { card, counts } = assistant;
  const judged = counts.accepted + counts.rejected;
  return (
    <tr>
      <td className={styles.first}>
        <Link to={`/assistants/${encodeURIComponent(assistant.id)}`}>
          <b>{local(assistant.title)}</b>
        </Link>{" "}
        <span className="secondary">{assistant.version}</span>
        <p>{local(card.intended_use)}</p>
        <p className={styles.not}>{local(card.not_for)}</p>
      </td>
      <td>
        <AssistantSwitch assistant={assistant} />
      </td>
      <td>
        {overall(card).map((metric) => (
          <span key={metric.name.en} className={styles.metric}>
            <MetricText metric={metric} />
          </span>
        ))}
        {!overall(card).length && <span className="secondary">{t("assistants.notMeasured")}</span>}
      </td>
      <td>
        {judged ? t("assistants.agreed", { accepted: counts.accepted, judged }) : t("assistants.notJudged")}
        <p className="secondary">
          {t("assistants.drafted", { count: counts.drafted })}
          {counts.refused > 0 && ` · ${t("assistants.refused", { count: counts.refused })}`}
        </p>
      </td>
    </tr>
  );
}
