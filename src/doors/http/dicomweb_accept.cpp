#include "doors/http/dicomweb_accept.h"

#include <array>

#include "base/error.h"
#include "doors/http/media_type.h"
#include "doors/http/text.h"

namespace meridian::doors::http {
namespace {

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

std::string_view choose_json(const Request& request) {
  static const std::array<Offer, 2> kOffers{
      Offer{.media_type = "application/dicom+json", .transfer_syntax = {}},
      Offer{.media_type = "application/json", .transfer_syntax = {}}};
  return choose_offer(request, kOffers).media_type;
}

}  // namespace meridian::doors::http
