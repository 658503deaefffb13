// Bundles of search and history, written as text around the stored bodies.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "record/record.h"

namespace meridian::record {

class BundleText {
 public:
  BundleText(std::string_view type, const std::string& base_url);  // "searchset", "history"
  void set_total(std::int64_t total);
  void add_link(std::string_view relation, const std::string& url);
  // mode: "match", "include".
  void add_match(const Version& version, const std::string& body, std::string_view mode);
  void add_outcome(const std::string& issue_text);
  void add_history(const Version& version);
  std::string finish();

 private:
  void begin_entry();

  const std::string base_url_;
  std::string head_, links_, entries_;
};

}  // namespace meridian::record
