#include "doors/http/dicomweb_accept.h"

#include <vector>

#include "archive/attribute_xml.h"
#include "base/error.h"
#include "doors/http/media_type.h"
#include "doors/http/multipart.h"
#include "doors/http/text.h"

namespace meridian::doors::http {
namespace {

constexpr const char *kJson = "application/dicom+json", *kXml = "application/dicom+xml";

std::string accept_of(const Request& request) {
  const std::string accept = request.parameter("accept", request.headers.get("Accept"));
  return trimmed(accept).empty() ? "*/*" : accept;
}

int type_closeness(const MediaType& range, const Offer& offer) {
  if (range.name == "*/*") return 1;
  const bool of_parts = range.name.starts_with("multipart/");
  if (of_parts != offer.multipart) return 0;
  if (!of_parts) return closeness(range.name, offer.media_type);
  const std::string_view type = range.parameter("type");
  return closeness(type.empty() ? "*/*" : type, offer.media_type);
}

bool syntax_fits(const MediaType& range, const Offer& offer) {
  const std::string_view wanted = range.parameter("transfer-syntax");
  return wanted.empty() ? offer.is_default : wanted == "*" || wanted == offer.transfer_syntax;
}

double weight_for(const std::string& accept, const Offer& offer) {
  int closest = 0;
  double weight = 0;
  for (const std::string_view part : split_unquoted(accept, ',')) {
    const MediaType range = MediaType::parse(part);
    const int close = syntax_fits(range, offer) ? type_closeness(range, offer) : 0;
    if (close <= closest) continue;
    closest = close;
    weight = weight_of(range);
  }
  return weight;
}

std::string names_of(std::span<const Offer> offers) {
  std::string names;
  for (const Offer& offer : offers) {
    names += names.empty() ? "" : ", ";
    names += offer.multipart ? "multipart/related; type=\"" + offer.media_type + "\"" : offer.media_type;
    if (!offer.transfer_syntax.empty()) names += "; transfer-syntax=" + offer.transfer_syntax;
  }
  return names;
}

Response as_parts(const Json& datasets) {
  MultipartWriter writer(kXml);
  if (!datasets.is_array()) writer.add(kXml, archive::dicom_xml(datasets));
  if (datasets.is_array())
    for (const Json& dataset : datasets.items()) writer.add(kXml, archive::dicom_xml(dataset));
  return writer.finish();
}

}  // namespace

const Offer& choose_offer(const Request& request, std::span<const Offer> offers) {
  const std::string accept = accept_of(request);
  const Offer* best = nullptr;
  double best_weight = 0;
  for (const Offer& offer : offers) {
    const double weight = weight_for(accept, offer);
    if (weight <= best_weight) continue;
    best = &offer;
    best_weight = weight;
  }
  if (!best)
    throw Error(ErrorCode::not_acceptable, "This is not given in a form that the client accepts", "Accept",
                "There is " + names_of(offers));
  return *best;
}

DatasetFormat::DatasetFormat(const Request& request, bool single) {
  std::vector<Offer> offers{{.media_type = kJson, .transfer_syntax = {}},
                            {.media_type = "application/json", .transfer_syntax = {}},
                            {.media_type = kXml, .transfer_syntax = {}, .multipart = true}};
  if (single) offers.push_back({.media_type = kXml, .transfer_syntax = {}});
  chosen_ = choose_offer(request, offers);
}

Response DatasetFormat::respond(const Json& datasets, int status) const {
  if (chosen_.media_type != kXml) {
    Response response = Response::json(datasets, status);
    response.media_type = chosen_.media_type;
    return response;
  }
  Response response =
      chosen_.multipart ? as_parts(datasets) : Response::text(archive::dicom_xml(datasets), kXml);
  response.status = status;
  return response;
}

Response DatasetFormat::respond_text(std::string datasets) const {
  if (chosen_.media_type == kXml) return respond(Json::parse(datasets, {.bytes = datasets.size()}));
  return Response::text(std::move(datasets), chosen_.media_type);
}

}  // namespace meridian::doors::http
