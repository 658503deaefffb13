#include <fmt/format.h>

#include <cstdio>

#include "app/commands/commands.h"
#include "app/node_database.h"
#include "base/error.h"
#include "care/retention.h"

namespace meridian::app {
namespace {

std::string joined(const std::vector<std::string>& texts) {
  return fmt::format("{}", fmt::join(texts, "/"));
}

std::string fate(const care::ExpiredStudy& study) {
  if (study.kept_for == "case") return "stays: the patient has a case that is not signed";
  if (study.kept_for == "hold") return "stays: the patient's images are held";
  return "goes";
}

}  // namespace

void retention(const Configuration& configuration) {
  const auto rules = care::retention_rules_of(configuration.archive_retention);
  if (rules.empty())
    throw Error(ErrorCode::invalid_configuration, "No rule says how long images are kept",
                "archive.retention", "Write rules, such as \"CT/MR=3650, *=10950\", into the configuration");
  const NodeFolder folder(configuration.data_folder);
  require_node(configuration, folder);
  const auto database = open_current_database(configuration, folder);
  std::int64_t studies = 0, instances = 0, bytes = 0, stay = 0;
  care::for_each_expired(*database, rules, now(), [&](const care::ExpiredStudy& study) {
    std::printf("%s  %s  since %s  kept for %d days  %lld instances  %lld bytes  %s\n", study.study.c_str(),
                joined(study.modalities).c_str(), format_instant(study.since).substr(0, 10).c_str(),
                study.days, static_cast<long long>(study.instances), static_cast<long long>(study.bytes),
                fate(study).c_str());
    if (!study.kept_for.empty()) {
      ++stay;
      return;
    }
    ++studies;
    instances += study.instances;
    bytes += study.bytes;
  });
  std::printf(
      "%lld studies go, with %lld instances and %lld bytes; %lld stay. %s\n", static_cast<long long>(studies),
      static_cast<long long>(instances), static_cast<long long>(bytes), static_cast<long long>(stay),
      configuration.archive_retention_apply ? "The node that runs removes them once a day."
                                            : "Nothing is removed unless archive.retention_apply is true.");
}

}  // namespace meridian::app
