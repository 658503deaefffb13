// What a DICOMweb client accepts (PS3.18, 8.7): media types, also within multipart/related, with their
// transfer syntaxes, wildcards and weights.
#pragma once
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "doors/http/message.h"

namespace meridian::doors::http {

// A form in which an answer can be given.
struct Offer {
  std::string media_type;       // "application/dicom"
  std::string transfer_syntax;  // UID; empty where it has no meaning
  bool multipart = false;       // as parts of multipart/related
  // Whether it is also what is meant when no transfer syntax is asked for.
  bool is_default = true;
};

// The offer with the greatest weight, the first of equals. The query parameter accept goes before the header
// (PS3.18, 8.3.3.1). Throws not_acceptable, naming what there is.
const Offer& choose_offer(const Request& request, std::span<const Offer> offers);

// The same for answers that are DICOM JSON: gives the media type.
std::string_view choose_json(const Request& request);

}  // namespace meridian::doors::http
