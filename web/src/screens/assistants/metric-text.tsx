import { useTranslation } from "react-i18next";
import type { Metric } from "@/api/types";
import { useLanguage } from "@/locales/use-language";
import { digitsOf } from "./metrics";

/** "AUC 0.91 (95 % 0.87–0.94), n = 98": never a number without its interval where there is one. */
export function MetricText({ metric }: { metric: Metric }) {
  const { t } = useTranslation();
  const { local } = useLanguage();
  const digits = digitsOf(metric);
  const print = (value: number) => value.toFixed(digits);
  return (
    <span>
      {local(metric.name)} <b>{print(metric.value)}</b> {metric.unit ?? ""}
      <span className="secondary">
        {metric.interval &&
          ` ${t("assistants.interval", { low: print(metric.interval[0]), high: print(metric.interval[1]) })}`}
        {metric.n !== undefined && ` ${t("assistants.n", { n: metric.n })}`}
      </span>
    </span>
  );
}
