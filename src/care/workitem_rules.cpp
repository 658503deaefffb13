#include "care/workitem_rules.h"

#include <algorithm>
#include <array>
#include <span>

#include "archive/attribute_json.h"
#include "base/error.h"
#include "base/time.h"

namespace meridian::care {
namespace {

using archive::first_value;

struct Choice {
  const char* tag;
  const char* name;
  std::span<const std::string_view> values;
};

constexpr std::array<std::string_view, 1> kFirstState{"SCHEDULED"};
constexpr std::array<std::string_view, 3> kPriorities{"LOW", "MEDIUM", "HIGH"};
constexpr std::array<std::string_view, 3> kReadiness{"INCOMPLETE", "UNAVAILABLE", "READY"};
constexpr std::array kChoices{Choice{kWorkitemState, "Procedure Step State", kFirstState},
                              Choice{"00741200", "Scheduled Procedure Step Priority", kPriorities},
                              Choice{"00404041", "Input Readiness State", kReadiness}};

struct Required {
  const char* tag;
  const char* name;
};
constexpr std::array kRequired{Required{"00741204", "Procedure Step Label"},
                               Required{"00404005", "Scheduled Procedure Step Start DateTime"}};

// Whose it is and what it is; the state has a way of its own.
constexpr std::array<std::string_view, 8> kFixed{"00080016", "00080018", "00100010", "00100020",
                                                 "00100021", "00100030", "00100040", kWorkitemState};

[[noreturn]] void wrong(const std::string& what, const std::string& tag) {
  throw Error(ErrorCode::invalid_structure, what, tag, "PS3.4, CC.2.5.1.3 says what a work item holds");
}

}  // namespace

bool has_ended(const std::string& state) {
  return state == kCompleted || state == kCanceled;
}

void check_new_workitem(const Json& attributes) {
  if (!attributes.is_object()) wrong("A work item is one data set", {});
  for (const Choice& choice : kChoices)
    if (std::ranges::find(choice.values, first_value(attributes, choice.tag)) == choice.values.end())
      wrong(std::string("The ") + choice.name + " is missing or none", choice.tag);
  for (const Required& required : kRequired)
    if (first_value(attributes, required.tag).empty())
      wrong(std::string("The ") + required.name + " is missing", required.tag);
  if (!first_value(attributes, kTransactionUid).empty())
    wrong("A work item that nobody performs has no Transaction UID", kTransactionUid);
}

void check_workitem_update(const Json& attributes) {
  if (!attributes.is_object()) wrong("An update is one data set", {});
  for (const auto& [tag, attribute] : attributes.members())
    if (std::ranges::find(kFixed, tag) != kFixed.end())
      wrong("This attribute is not changed by an update", tag);
}

void check_cancel_reason(const Json& reason) {
  constexpr std::array<std::string_view, 4> kParts{kContactUri, kContactName, kDiscontinuationReason,
                                                   kCancellationReason};
  if (!reason.is_object()) wrong("The reason of a cancellation is one data set", {});
  for (const auto& [tag, attribute] : reason.members())
    if (std::ranges::find(kParts, tag) == kParts.end())
      throw Error(ErrorCode::invalid_structure, "This attribute is no part of a request to cancel", tag,
                  "PS3.4, CC.2.2 says what such a request holds");
}

void check_completed_workitem(const Json& dataset) {
  for (const Json& item : archive::sequence_items(dataset, "00741216"))
    if (!first_value(item, "00404050").empty() && !first_value(item, "00404051").empty()) return;
  throw Error(ErrorCode::conflict, "A completed work item says when it was performed", "(0074,1216)",
              "Update it with its performed procedure, its start and its end first");
}

}  // namespace meridian::care
