// The DICOM peers of a node: who may call, whose they are, and where they are called themselves.
#pragma once
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace meridian::app {

struct DicomCaller {
  std::string organization;  // "Organization/ID"
  std::string host;          // empty: it only calls
  std::uint16_t port = 0;
  bool tls = false;
  friend bool operator==(const DicomCaller&, const DicomCaller&) = default;
};

// By AE title. text: "CT1=Organization/a, PACS=Organization/b@192.0.2.7:104,
// VIEW=Organization/b@192.0.2.8:2762/tls"; empty: none. One with an
// address is a destination of C-MOVE and is told what became of its storage commitments. Throws
// invalid_configuration for an entry without an organization, for an address without host or port, and for a
// title that stands twice.
std::map<std::string, DicomCaller> dicom_callers_of(std::string_view text);

}  // namespace meridian::app
