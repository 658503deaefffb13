#include "doors/dimse/outcome.h"

#include <dcmtk/dcmdata/dcdeftag.h>
#include <fmt/format.h>

namespace meridian::doors::dimse {
namespace {

constexpr std::size_t kLongestComment = 64;  // of (0000,0902), which is LO

}  // namespace

Outcome outcome_of(const Error& error) {
  return {traits(error.code()).dicom_status, error.describe()};
}

std::unique_ptr<DcmDataset> status_detail(const Outcome& outcome) {
  if (outcome.comment.empty()) return nullptr;
  auto detail = std::make_unique<DcmDataset>();
  std::string text = outcome.comment.substr(0, kLongestComment);
  for (char& c : text)
    if (c == '\\' || static_cast<unsigned char>(c) < 0x20 || static_cast<unsigned char>(c) > 0x7E) c = ' ';
  detail->putAndInsertString(DCM_ErrorComment, text.c_str());
  return detail;
}

std::string status_text(std::uint16_t status) {
  return fmt::format("{:04X}", status);
}

}  // namespace meridian::doors::dimse
