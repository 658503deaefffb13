#include "record/profiles/value_set_check.h"

#include <algorithm>

#include "base/error.h"

namespace meridian::record {
namespace {

constexpr std::size_t kMostSets = 1'000;
constexpr std::size_t kMostCodes = 5'000'000;  // of all of them

}  // namespace

const ValueSetCheck::Codes& ValueSetCheck::codes_of(const std::string& value_set,
                                                    const std::optional<std::string>& system) {
  const auto [place, is_new] = known_.try_emplace({value_set, system});
  if (!is_new) return place->second;
  if (known_.size() > kMostSets || listed_ > kMostCodes)
    throw Error(ErrorCode::too_large, "Checking the resource takes too many value sets", value_set);
  try {
    std::set<SystemCode> codes;
    for (const ValueSetMember& member : ValueSetReader(source_, {}, system).members(value_set))
      codes.insert(member.code);
    listed_ += codes.size();
    place->second = std::move(codes);
  } catch (const Error& error) {
    // What nobody carries cannot be told from here.
    if (error.code() != ErrorCode::not_supported && error.code() != ErrorCode::not_found) throw;
  }
  return place->second;
}

std::optional<bool> ValueSetCheck::contains_coding(const std::string& value_set, const Json& coding) {
  const SystemCode code{coding.text("system"), coding.text("code")};
  if (code.code.empty()) return {};
  const Codes& codes = codes_of(value_set, code.system);
  return codes ? std::optional(codes->contains(code)) : std::nullopt;
}

std::optional<bool> ValueSetCheck::contains_code(const std::string& value_set, const std::string& code) {
  const Codes& codes = codes_of(value_set, {});
  if (!codes) return {};
  return std::ranges::any_of(*codes, [&](const SystemCode& known) { return known.code == code; });
}

std::optional<bool> ValueSetCheck::contains(const std::string& value_set, const fhirpath::Element& element) {
  if (!element.value) return {};
  const Json& value = *element.value;
  if (value.is_string()) return contains_code(value_set, value.as_string());
  const Json* codings = value.find("coding");
  if (!codings) return contains_coding(value_set, value);
  std::optional<bool> verdict;
  for (const Json& coding : codings->items()) {
    const std::optional<bool> one = contains_coding(value_set, coding);
    if (one == true) return true;
    verdict = one ? one : verdict;
  }
  return verdict;
}

}  // namespace meridian::record
