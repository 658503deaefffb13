import { useQueryClient } from "@tanstack/react-query";
import { Button, InputNumber, Radio } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { AskedFact } from "@/api/asked-fact";
import { noteFact } from "@/api/cases";
import { Failure } from "@/components/failure";
import { useLanguage } from "@/locales/use-language";
import styles from "./asked-facts.module.css";

/** What is not known and decides what follows, asked for where it is missed: the draft is made again. */
export function AskedFacts({ caseId, asks }: { caseId: string; asks: AskedFact[] }) {
  const { t } = useTranslation();
  return (
    <fieldset className={styles.asks}>
      <legend className="secondary">{t("asked.title")}</legend>
      {asks.map((ask) => (
        <Asked key={ask.fact} caseId={caseId} ask={ask} />
      ))}
    </fieldset>
  );
}

type Value = string | number;

function Asked({ caseId, ask }: { caseId: string; ask: AskedFact }) {
  const { t } = useTranslation();
  const { local } = useLanguage();
  const client = useQueryClient();
  const [value, setValue] = useState<Value | null>(null);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const name = local(ask.text);

  const say = async (said: Value | null) => {
    if (said === null) return;
    setValue(said);
    setBusy(true);
    setError(null);
    try {
      await noteFact(caseId, ask.fact, said);
      await client.invalidateQueries({ queryKey: ["case", caseId] });
    } catch (reason) {
      setError(reason);
    } finally {
      setBusy(false);
    }
  };

  return (
    <div className={styles.ask}>
      <span className={styles.name}>{name}</span>
      {ask.kind === "choice" && (
        <Radio.Group
          optionType="button"
          aria-label={name}
          disabled={busy}
          value={value}
          onChange={(event) => void say(event.target.value)}
          options={ask.values.map((one) => ({ value: one.value, label: local(one.text) }))}
        />
      )}
      {ask.kind === "number" && (
        <span className={styles.entry}>
          <InputNumber
            size="small"
            min={0}
            aria-label={name}
            addonAfter={ask.unit}
            onChange={(typed) => setValue(typed)}
            onPressEnter={() => void say(value)}
          />
          <Button size="small" loading={busy} disabled={value === null} onClick={() => void say(value)}>
            {t("asked.save")}
          </Button>
        </span>
      )}
      {ask.kind === "moment" && <Moment name={name} busy={busy} onSay={(moment) => void say(moment)} />}
      {error !== null && <Failure act={t("asked.saving")} error={error} retry={() => void say(value)} />}
    </div>
  );
}

function Moment({ name, busy, onSay }: { name: string; busy: boolean; onSay: (moment: string) => void }) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState("");
  const moment = new Date(typed);
  const valid = typed !== "" && !Number.isNaN(moment.getTime()) && moment.getTime() <= Date.now();
  return (
    <span className={styles.entry}>
      <input
        type="datetime-local"
        aria-label={name}
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
      />
      <Button size="small" loading={busy} disabled={!valid} onClick={() => onSay(moment.toISOString())}>
        {t("asked.save")}
      </Button>
    </span>
  );
}
