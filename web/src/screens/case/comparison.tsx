import { useTranslation } from "react-i18next";
import type { Comparison as Compared } from "@/api/comparison";
import type { Localized } from "@/api/types";
import { exactTime } from "@/format/time";
import { useLanguage } from "@/locales/use-language";
import styles from "./comparison.module.css";

/** What changed since the patient's last ECG: numbers side by side, what is new, what is no longer stated. */
export function Comparison({ compared }: { compared: Compared }) {
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
      <table>
        <thead>
          <tr>
            <th />
            <th scope="col">{t("comparison.before")}</th>
            <th scope="col">{t("comparison.now")}</th>
          </tr>
        </thead>
        <tbody>
          {compared.measurements.map((one) => (
            <tr key={one.code}>
              <th scope="row">{local(one.text)}</th>
              <td>{one.before.display}</td>
              <td>{one.now.display}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {list(t("comparison.new"), compared.new)}
      {list(t("comparison.gone"), compared.gone)}
    </details>
  );
}
