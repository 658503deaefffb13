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

// Data sets in the form that the client accepts: DICOM JSON, or DICOM XML, where each is a part of its own.
// To be asked for before the work is done, since it throws not_acceptable.
class DatasetFormat {
 public:
  // single: there is one data set, whose XML may be the whole answer.
  explicit DatasetFormat(const Request& request, bool single = false);
  // list: data sets; of a single one, that one.
  Response respond(const Json& datasets, int status = 200) const;
  // The same of data sets that are DICOM JSON already.
  Response respond_text(std::string datasets) const;

 private:
  Offer chosen_;
};

}  // namespace meridian::doors::http
