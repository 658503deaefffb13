// Media types and what a client accepts of them (RFC 9110, 8.3 and 12.5).
#pragma once
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace meridian::doors::http {

struct MediaType {
  std::string name;  // "application/dicom", in lower case; empty when there is none
  std::vector<std::pair<std::string, std::string>> parameters;  // names in lower case, quotes removed

  static MediaType parse(std::string_view text);
  std::string_view parameter(std::string_view name) const;
  bool is_json() const;  // application/json, or any …+json
};

// What an Accept header gives the type that it names, 0 to 1; 0 when its q is no number.
double weight_of(const MediaType& range);
// How closely a range ("image/*") means a type. 3: the very type, 2: its kind, 1: anything, 0: not meant.
int closeness(std::string_view range, std::string_view type);
// The weight 0 to 1 that an Accept header gives to the type; 1 when the header is empty.
double acceptance(std::string_view accept, std::string_view media_type);
// The offer that the client likes best, the first of equals; empty when it accepts none.
std::string_view preferred(std::string_view accept, std::span<const std::string_view> offers);
// Whether Accept-Encoding takes the coding.
bool accepts_coding(std::string_view accept_encoding, std::string_view coding);

}  // namespace meridian::doors::http
