#include "record/store/precondition.h"

#include <algorithm>

#include "base/error.h"
#include "base/text.h"
#include "record/bundle/version_tag.h"

namespace meridian::record {

Precondition Precondition::of_headers(std::string_view if_match, std::string_view if_none_match) {
  Precondition condition;
  condition.match_ = tags_of(if_match, "If-Match");
  condition.none_match_ = tags_of(if_none_match, "If-None-Match");
  return condition;
}

Precondition::Tags Precondition::tags_of(std::string_view list, const char* header) {
  Tags tags;
  list = trimmed(list);
  tags.any = list == "*";
  while (!list.empty() && !tags.any) {
    const std::string_view tag = list.substr(0, list.find(','));
    list.remove_prefix(std::min(list.size(), tag.size() + 1));
    tags.versions.push_back(parse_version_tag(tag, header));
  }
  return tags;
}

bool Precondition::Tags::name(std::optional<std::int64_t> newest, bool deleted) const {
  if (!newest) return false;
  return any ? !deleted : std::ranges::find(versions, *newest) != versions.end();
}

void Precondition::require(const std::string& reference, std::optional<std::int64_t> newest,
                           bool deleted) const {
  const std::string now =
      !newest ? std::string("it does not exist")
              : (deleted ? "it was deleted, version " : "its version is ") + std::to_string(*newest);
  if (match_.is_given() && !match_.name(newest, deleted))
    throw Error(ErrorCode::precondition_failed,
                reference + " is not of the version that was to be changed: " + now, "If-Match",
                "Read it again and repeat the change");
  if (none_match_.is_given() && none_match_.name(newest, deleted))
    throw Error(ErrorCode::precondition_failed, reference + " was to be written only otherwise: " + now,
                "If-None-Match", "Read it and change what is there");
}

}  // namespace meridian::record
