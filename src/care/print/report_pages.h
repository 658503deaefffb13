// The pages of a printed ECG: what stands on each of them, and text that goes on from one to the next.
#pragma once
#include <string>
#include <utility>
#include <vector>

#include "care/print/ecg_report.h"
#include "care/print/pdf.h"

namespace meridian::care {

inline constexpr double kPageWidth = 297, kPageHeight = 210, kPageMargin = 12;  // mm, A4
inline constexpr Ink kInk{0.1, 0.12, 0.15}, kGrey{0.35, 0.4, 0.45}, kDraft{0.42, 0.18, 0.88};

class ReportPages {
 public:
  // The first page is begun. Both must outlive this. Throws what Pdf throws.
  ReportPages(const EcgReport& report, const signal::Recording& recording);

  Pdf& pdf() { return pdf_; }
  const EcgReport& report() const { return report_; }
  const signal::Recording& recording() const { return recording_; }

  std::string said(const char* en, const char* zh) const { return report_.chinese ? zh : en; }
  const std::string& said(const engine::LocalizedText& text) const {
    return report_.chinese && !text.zh.empty() ? text.zh : text.en;
  }
  bool is_signed() const { return !report_.signed_by.empty() && report_.signature == Signature::of_this; }
  bool may_be_signed() const { return report_.signature == Signature::not_known; }

  void next_page();
  // mm from the top, where what comes next stands.
  double y() const { return y_; }
  // Takes so many mm of the page, of the next one where this has not as much left. Gives their top.
  double take(double height);
  void title(const char* en, const char* zh);
  // Whole on a page where one can hold it.
  void paragraph(const std::string& text, const PdfText& how);
  // Names and values, in three columns.
  void table(const std::vector<std::pair<std::string, std::string>>& rows);

  // Nothing can be added any more. Throws what Pdf::finish throws.
  std::string finish();

 private:
  void head();
  void foot();
  void set(const std::string& text, const PdfText& how);

  const EcgReport& report_;
  const signal::Recording& recording_;
  Pdf pdf_;
  double y_ = 0;
  int page_ = 0;
};

}  // namespace meridian::care
