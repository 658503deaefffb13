// What the newest version must be for a write to be done: If-Match and If-None-Match (RFC 9110, 13.1).
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace meridian::record {

class Precondition {
 public:
  Precondition() = default;             // none
  Precondition(std::int64_t version) {  // that it is this one
    match_.versions.push_back(version);
  }
  Precondition(std::optional<std::int64_t> version) {
    if (version) match_.versions.push_back(*version);
  }
  // Of the values of the headers, empty where they are absent: versions as W/"3", "3" or 3 with commas
  // between, or *. Throws invalid_request.
  static Precondition of_headers(std::string_view if_match, std::string_view if_none_match);

  bool is_given() const { return match_.is_given() || none_match_.is_given(); }
  // Only certain versions may be replaced, so that nothing is to be tried again with a later one.
  bool names_versions() const { return !match_.versions.empty(); }
  // newest: its number, nothing where there is none. Throws precondition_failed.
  void require(const std::string& reference, std::optional<std::int64_t> newest, bool deleted) const;

 private:
  struct Tags {
    bool any = false;  // *
    std::vector<std::int64_t> versions;
    bool is_given() const { return any || !versions.empty(); }
    bool name(std::optional<std::int64_t> newest, bool deleted) const;
  };
  static Tags tags_of(std::string_view list, const char* header);

  Tags match_, none_match_;
};

}  // namespace meridian::record
