import qrcode from "qrcode-generator";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { CasePage, Report } from "@/api/types";
import { exactTime } from "@/format/time";
import { ageAt } from "@/format/age";
import { useOrganizations } from "@/state/organizations";
import { reportKind } from "./report-kind";
import styles from "./print-sheet.module.css";

/** The signed report on A4: only on paper. A report that nobody signed is not printed. */
export function PrintSheet({ page }: { page: CasePage }) {
  const { t } = useTranslation();
  const { nameOf } = useOrganizations();
  const { patient, report } = page;
  if (report?.status !== "final") return null;
  const age = ageAt(patient.birthDate, new Date(report.signedAt ?? page.createdAt));
  const facts: [string, string][] = [
    [t("print.name"), [patient.name, patient.nameLatin].filter(Boolean).join("  ")],
    [t("patient.sex"), t(`sex.${patient.sex}`)],
    [
      t("patient.birthDate"),
      `${patient.birthDate}${age ? ` (${t(`age.${age.unit}`, { count: age.count })})` : ""}`,
    ],
    [t("patient.identifier"), patient.identifier],
    [t("print.clinic"), nameOf(page.organization)],
    [t("case.reason"), page.reason],
    ...page.recordings.map((one): [string, string] => [
      t("print.recording"),
      `${one.title} ${exactTime(new Date(one.at))}`,
    ]),
  ];
  return (
    <article className={styles.sheet}>
      <h1>{t("print.title", { report: t(`reportKind.${reportKind(page)}`) })}</h1>
      <dl className={styles.facts}>
        {facts.map(([name, value], index) => (
          <div key={index}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <p className={styles.text}>{report.text}</p>
      <div className={styles.foot}>
        <p>
          {t("report.signedBy", {
            name: report.signedBy ?? "",
            at: report.signedAt ? exactTime(new Date(report.signedAt)) : "",
          })}
          <br />
          {t("print.version", { id: report.id, version: report.version })}
        </p>
        <Proof report={report} />
      </div>
    </article>
  );
}

/** What finds the signature's entry in the ledger again, as a QR code. */
function Proof({ report }: { report: Report }) {
  const { t } = useTranslation();
  const svg = useMemo(() => {
    if (!report.proof) return "";
    const code = qrcode(0, "M");
    code.addData(`meridian:${report.id}:${report.version}:${report.proof.entry}:${report.proof.hash}`);
    code.make();
    return code.createSvgTag({ cellSize: 2, margin: 0, scalable: true });
  }, [report]);
  if (!report.proof) return null;
  return (
    <figure className={styles.proof}>
      <div dangerouslySetInnerHTML={{ __html: svg }} />
      <figcaption>{t("print.proof", { entry: report.proof.entry })}</figcaption>
    </figure>
  );
}
