import { Button } from "antd";
import { useTranslation } from "react-i18next";
import type { Comparison as Compared } from "@/api/comparison";
import type { Localized } from "@/api/types";
import { printProbability } from "@/format/probability";
import { exactTime } from "@/format/time";
import { useLanguage } from "@/locales/use-language";
import styles from "./comparison.module.css";

interface Props {
  compared: Compared;
  /** Takes its sentence into the report; none: it may not be written. */
  onAccept?: (sentence: Localized) => void;
}

/** What changed since the patient's last recording: numbers side by side, what is new, what is gone. */
export function Comparison({ compared, onAccept }: Props) {
  const { t } = useTranslation();
  const { local } = useLanguage();
  const list = (name: string, texts: Localized[]) =>
    texts.length > 0 && (
      <>
        <p className="secondary">{name}</p>
        <ul>
          {texts.map((text) => (
            <li key={text.en}>{local(text)}</li>
          ))}
        </ul>
      </>
    );
  return (
    <details className={styles.comparison}>
      <summary>{t("comparison.title", { at: exactTime(new Date(compared.at)) })}</summary>
      <p className="secondary">
        {t(compared.signed ? "comparison.signed" : "comparison.unsigned", compared.version)}
      </p>
      <table>
        <thead>
          <tr>
            <th />
            <th scope="col">{t("comparison.before")}</th>
            <th scope="col">{t("comparison.now")}</th>
            <th scope="col">{t("comparison.change")}</th>
          </tr>
        </thead>
        <tbody>
          {compared.measurements.map((one) => (
            <tr key={one.code}>
              <th scope="row">{local(one.text)}</th>
              <td>{one.before.display}</td>
              <td>{one.now.display}</td>
              <td>
                {local(one.change)} {one.trend && <b>{t(`comparison.${one.trend}`)}</b>}
              </td>
            </tr>
          ))}
          {compared.probabilities.map((one) => (
            <tr key={one.code}>
              <th scope="row">{t("comparison.probability")}</th>
              <td>{printProbability(one.before)}</td>
              <td>{printProbability(one.now)}</td>
              <td />
            </tr>
          ))}
        </tbody>
      </table>
      {list(t("comparison.new"), compared.new)}
      {list(t("comparison.gone"), compared.gone)}
      {onAccept && (
        <Button size="small" onClick={() => onAccept(compared.text)}>
          {t("comparison.accept")}
        </Button>
      )}
    </details>
  );
}
