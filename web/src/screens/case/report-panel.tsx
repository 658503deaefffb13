import type { CasePage } from "@/api/types";
import { ReportEditor } from "./report-editor";
import { SignedReport } from "./signed-report";
import type { ReportPen } from "./use-report";
import { UnsignedReport } from "./unsigned-report";

/** The report: signed, being written here, or being written by someone else. */
export function ReportPanel({ page, pen }: { page: CasePage; pen: ReportPen }) {
  if (page.report?.status === "final") return <SignedReport report={page.report} />;
  if (page.may.sign) return <ReportEditor pen={pen} />;
  return <UnsignedReport report={page.report} />;
}
