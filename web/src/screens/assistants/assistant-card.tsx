import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense } from "react";
import { useTranslation } from "react-i18next";
import { Link, useParams } from "react-router-dom";
import { getAssistants } from "@/api/assistants";
import type { AssistantState, CardEvidence, Localized } from "@/api/types";
import { Empty } from "@/components/empty";
import { Loaded } from "@/components/loaded";
import { Page } from "@/components/page";
import { Panel } from "@/components/panel";
import { useLanguage } from "@/locales/use-language";
import { AssistantSwitch } from "./assistant-switch";
import { AssistantWatch } from "./assistant-watch";
import { MetricText } from "./metric-text";
import styles from "./assistant-card.module.css";

const CardFigures = lazy(() => import("./card-figures"));

/** The card as a page: what for, what not for, how well measured on what, and where it fails. */
export default function AssistantCard() {
  const { t } = useTranslation();
  const { id } = useParams();
  const assistants = useQuery({ queryKey: ["assistants"], queryFn: ({ signal }) => getAssistants(signal) });
  return (
    <Loaded query={assistants} what={t("assistants.what")} rows={10}>
      {(list) => {
        const assistant = list.find((one) => one.id === id);
        return assistant ? <CardPage assistant={assistant} /> : <Empty title={t("assistants.unknown")} />;
      }}
    </Loaded>
  );
}

function CardPage({ assistant }: { assistant: AssistantState }) {
  const { t } = useTranslation();
  const { local } = useLanguage();
  const { card } = assistant;
  return (
    <Page
      title={`${local(assistant.title)} ${assistant.version}`}
      aside={<Link to="/assistants">{t("assistants.all")}</Link>}
    >
      <div className={styles.columns}>
        <Panel title={t("card.use")}>
          <dl className={styles.facts}>
            <Fact name={t("card.intended")} text={card.intended_use} />
            <Fact name={t("card.notFor")} text={card.not_for} />
            <Fact name={t("card.inputs")} text={card.inputs?.text} />
            {card.operating_point && (
              <div>
                <dt>{t("card.operatingPoint")}</dt>
                <dd>
                  <b>{card.operating_point.threshold.toFixed(2)}</b> {local(card.operating_point.why)}
                </dd>
              </div>
            )}
          </dl>
        </Panel>
        <Panel title={t("assistants.column.state")}>
          <div className={styles.padded}>
            <AssistantSwitch assistant={assistant} />
          </div>
        </Panel>
      </div>
      <AssistantWatch assistant={assistant} />
      {card.evidence.map((evidence, index) => (
        <Evidence key={index} evidence={evidence} threshold={card.operating_point?.threshold} />
      ))}
      <Panel title={t("card.limits")}>
        <ul className={styles.list}>
          {card.limits.map((limit, index) => (
            <li key={index}>{local(limit)}</li>
          ))}
        </ul>
      </Panel>
      <Panel title={t("card.sources")}>
        <ul className={styles.list}>
          {card.training_data.map((set) => (
            <li key={set.name}>{t("card.trainedOn", { ...set, use: local(set.use) })}</li>
          ))}
          {!card.training_data.length && <li>{t("card.notTrained")}</li>}
          {card.references?.map((reference) => <li key={reference}>{reference}</li>)}
        </ul>
      </Panel>
    </Page>
  );
}

function Fact({ name, text }: { name: string; text: Localized | undefined }) {
  const { local } = useLanguage();
  if (!text) return null;
  return (
    <div>
      <dt>{name}</dt>
      <dd>{local(text)}</dd>
    </div>
  );
}

function Evidence({ evidence, threshold }: { evidence: CardEvidence; threshold: number | undefined }) {
  const { t } = useTranslation();
  const { local } = useLanguage();
  return (
    <Panel title={evidence.data}>
      <div className={styles.padded}>
        <p>{local(evidence.part)}</p>
        <ul className={styles.metrics}>
          {evidence.metrics
            .filter((metric) => !metric.group)
            .map((metric) => (
              <li key={metric.name.en}>
                <MetricText metric={metric} />
              </li>
            ))}
        </ul>
        <Suspense fallback={<div className={styles.space} />}>
          <CardFigures evidence={evidence} threshold={threshold} />
        </Suspense>
        <p className="secondary">
          {t("card.command")} <code>{evidence.command}</code>
        </p>
      </div>
    </Panel>
  );
}
