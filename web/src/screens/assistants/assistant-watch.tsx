import { useTranslation } from "react-i18next";
import type { AssistantState, Drift } from "@/api/types";
import { Panel } from "@/components/panel";
import { useOrganizations } from "@/state/organizations";
import styles from "./assistant-card.module.css";

/** The assistant in use: how far each site agrees with it, and whether its inputs and scores shift. */
export function AssistantWatch({ assistant }: { assistant: AssistantState }) {
  const { t } = useTranslation();
  const { nameOf } = useOrganizations();
  const sites = assistant.agreement ?? [];
  return (
    <Panel title={t("watch.title")}>
      <ul className={styles.list}>
        {sites.map(({ site, accepted, rejected }) => (
          <li key={site}>
            {nameOf({ id: site, name: site })}:{" "}
            {t("assistants.agreed", { accepted, judged: accepted + rejected })}
          </li>
        ))}
        {!sites.length && <li>{t("assistants.notJudged")}</li>}
        <DriftLine what={t("watch.scores")} drift={assistant.drift?.probability} />
        <DriftLine what={t("watch.inputs")} drift={assistant.drift?.strangeness} />
      </ul>
    </Panel>
  );
}

function DriftLine({ what, drift }: { what: string; drift: Drift | null | undefined }) {
  const { t } = useTranslation();
  if (!drift) return <li className="secondary">{t("watch.tooFew", { what })}</li>;
  const line = t(drift.shifted ? "watch.shifted" : "watch.steady", {
    what,
    index: drift.index.toFixed(2),
    recent: drift.recent,
    reference: drift.reference,
  });
  return <li>{drift.shifted ? <b>{line}</b> : line}</li>;
}
