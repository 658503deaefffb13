import { useTranslation } from "react-i18next";
import type { CardEvidence } from "@/api/types";
import { useLanguage } from "@/locales/use-language";
import { Figure } from "./figure";
import { calibrationPlot, groupPlot, rocPlot } from "./plots";
import { byGroup, named } from "./metrics";
import styles from "./assistant-card.module.css";

interface Props {
  evidence: CardEvidence;
  threshold: number | undefined;
}

/** The card's curves and subgroups, plotted; the charts' library is fetched only here. */
export default function CardFigures({ evidence, threshold }: Props) {
  const { t } = useTranslation();
  const { local } = useLanguage();
  const sensitivity = named(evidence.metrics, "sensitivity");
  const specificity = named(evidence.metrics, "specificity");
  const point: [number, number] | null =
    sensitivity !== undefined && specificity !== undefined ? [1 - specificity, sensitivity] : null;
  const groups = byGroup(evidence.metrics);
  const { roc, calibration } = evidence.curves ?? {};
  if (!roc && !calibration && !groups.length) return null;
  return (
    <div className={styles.figures}>
      {roc && (
        <Figure
          title={t("card.roc")}
          option={rocPlot(roc, point, {
            x: t("card.falsePositives"),
            y: t("card.sensitivity"),
            point: t("card.pointAt", { threshold: threshold?.toFixed(2) ?? "" }),
          })}
        />
      )}
      {calibration && (
        <Figure
          title={t("card.calibration")}
          option={calibrationPlot(calibration, { x: t("card.predicted"), y: t("card.observed") })}
        />
      )}
      {groups.map((metrics) => (
        <Figure
          key={metrics[0]!.name.en}
          title={t("card.byGroup", { name: local(metrics[0]!.name) })}
          option={groupPlot(metrics)}
        />
      ))}
    </div>
  );
}
