#include "record/query/functional_lists.h"

#include <algorithm>
#include <array>

#include "base/error.h"

namespace meridian::record {
namespace {

struct FunctionalList {
  std::string_view name, type, filter;
};

// What has no status is current: to leave it out could do harm.
constexpr std::array kLists{
    FunctionalList{
        "$current-problems", "Condition",
        "not (clinical-status eq inactive or clinical-status eq remission or clinical-status eq resolved"
        " or verification-status eq refuted or verification-status eq entered-in-error)"},
    FunctionalList{"$current-allergies", "AllergyIntolerance",
                   "not (clinical-status eq inactive or clinical-status eq resolved"
                   " or verification-status eq refuted or verification-status eq entered-in-error)"},
    FunctionalList{
        "$current-drug-allergies", "AllergyIntolerance",
        "category eq medication and not (clinical-status eq inactive or clinical-status eq resolved"
        " or verification-status eq refuted or verification-status eq entered-in-error)"},
    FunctionalList{"$current-medications", "MedicationStatement",
                   "status eq active or status eq on-hold or status eq unknown"},
    FunctionalList{"$current-medications", "MedicationRequest",
                   "status eq active or status eq on-hold or status eq unknown"},
};

}  // namespace

std::string filter_of_list(std::string_view list, std::string_view type) {
  const auto is_named = [&](const FunctionalList& one) { return one.name == list; };
  if (std::ranges::none_of(kLists, is_named))
    throw Error(ErrorCode::not_supported, "There is no list " + std::string(list.substr(0, 80)), "_list",
                "There are $current-problems, $current-allergies, $current-drug-allergies and "
                "$current-medications");
  const auto found = std::ranges::find_if(
      kLists, [&](const FunctionalList& one) { return is_named(one) && one.type == type; });
  return found == kLists.end() ? std::string() : std::string(found->filter);
}

}  // namespace meridian::record
