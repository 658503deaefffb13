#include "care/comparable.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "base/error.h"
#include "base/json.h"
#include "base/text.h"

namespace meridian::care {
namespace {

// Words of Body Part Examined (PS3.16 Annex L, those marked as paired), modalities of such parts alone, and
// those that may show one where the part is not said.
constexpr std::array<std::string_view, 34> kPaired{
    "BREAST", "EYE",  "RETINA",  "FUNDUS",    "ORBIT",     "EAR",    "HAND",     "FINGER",   "THUMB",
    "WRIST",  "ARM",  "FOREARM", "ELBOW",     "HUMERUS",   "RADIUS", "ULNA",     "HIP",      "FEMUR",
    "THIGH",  "KNEE", "PATELLA", "LEG",       "TIBIA",     "FIBULA", "SHOULDER", "CLAVICLE", "SCAPULA",
    "ANKLE",  "FOOT", "TOE",     "CALCANEUS", "EXTREMITY", "LIMB",   "TESTIS"};
constexpr std::array<std::string_view, 5> kOfPairedAlone{"MG", "OP", "OPT", "OCT", "OPM"};
constexpr std::array<std::string_view, 8> kOfAnyPart{"CR", "DX", "RG", "RF", "US", "XC", "OT", "SC"};

std::string first_of(const Json& metadata, const std::string& path) {
  const Json& values = metadata.get(path + ".Value");
  const bool is_text = values.is_array() && !values.empty() && values.at(0).is_string();
  return is_text ? values.at(0).as_string() : std::string();
}

std::string first_of(const Json& metadata, std::initializer_list<const char*> paths) {
  for (const char* path : paths)
    if (std::string found = first_of(metadata, path); !found.empty()) return found;
  return {};
}

bool is_among(const auto& words, std::string_view word) {
  return std::ranges::find(words, word) != words.end();
}

bool may_be_paired(const Shown& shown) {
  if (is_among(kOfPairedAlone, shown.modality)) return true;
  if (shown.body_part.empty()) return is_among(kOfAnyPart, shown.modality);
  return std::ranges::any_of(split(shown.body_part, ' '),
                             [](const std::string& word) { return is_among(kPaired, word); });
}

}  // namespace

std::optional<Shown> shown_in(const archive::Archive& archive, const std::string& instance) {
  const auto facts = archive.find(instance);
  if (!facts) return {};
  Json metadata;
  try {
    metadata = archive.metadata(instance, {});
  } catch (const Error& error) {
    if (error.code() != ErrorCode::corrupted && error.code() != ErrorCode::not_found) throw;
    return {};
  }
  return Shown{facts->modality, facts->body_part,
               first_of(metadata, {"00200062", "00200060", "52009229.Value.00209071.Value.00209072"}),
               first_of(metadata, {"00185101", "00540220.Value.00080100"})};
}

bool are_comparable(const Shown& one, const Shown& other) {
  if (one.modality != other.modality || one.body_part != other.body_part || one.view != other.view ||
      one.side != other.side)
    return false;
  return !may_be_paired(one) || one.side == "R" || one.side == "L" || one.side == "B";
}

}  // namespace meridian::care
