#include "doors/http/included_fields.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "archive/attribute_json.h"
#include "archive/query.h"
#include "base/error.h"
#include "base/log.h"
#include "care/results.h"
#include "doors/http/dicomweb_retrieve.h"

namespace meridian::doors::http {
namespace {

using archive::InstanceFacts;

// The first instance of each series of a study.
class FirstInstances {
 public:
  FirstInstances(const Services& services, const trust::Principal& principal)
      : services_(services), principal_(principal) {}

  // Nothing where there is none any more.
  std::optional<InstanceFacts> of(const Json& match) {
    const std::string study = archive::first_value(match, "0020000D"),
                      series = archive::first_value(match, "0020000E"),
                      instance = archive::first_value(match, "00080018");
    if (!instance.empty()) return services_.archive.find(instance);
    for (const InstanceFacts& first : of_study(study))
      if (series.empty() || first.key.series == series) return first;
    return {};
  }

 private:
  const std::vector<InstanceFacts>& of_study(const std::string& study) {
    const auto [known, is_new] = studies_.try_emplace(study);
    std::vector<InstanceFacts>& firsts = known->second;
    if (!is_new) return firsts;
    services_.database.read([&](storage::Connection& connection) {
      for (const archive::SeriesFacts& series : services_.archive.series(connection, study, 1))
        firsts.push_back(series.first_instances.front());
      care::erase_hidden(connection, principal_, firsts);
    });
    return firsts;
  }

  const Services& services_;
  const trust::Principal& principal_;
  std::map<std::string, std::vector<InstanceFacts>> studies_;
};

}  // namespace

void add_fields_of_files(const Services& services, const trust::Principal& principal,
                         const std::set<std::uint32_t>& tags, Json& matches) {
  std::vector<std::string> wanted;
  for (const std::uint32_t tag : tags)
    if (!archive::query_level_of(tag)) wanted.push_back(fmt::format("{:08X}", tag));
  if (wanted.empty()) return;
  FirstInstances instances(services, principal);
  for (Json& match : matches.items()) {
    try {
      const auto facts = instances.of(match);
      if (!facts) continue;
      const Json metadata = services.archive.metadata(facts->key.instance, address_of(*facts) + "/bulkdata");
      for (const std::string& tag : wanted)
        if (const Json* attribute = metadata.find(tag)) match[tag] = *attribute;
      std::ranges::sort(match.members(), {}, &Json::Member::first);
    } catch (const Error& error) {
      log_warning("field-not-included", {{"reason", error.describe()}});
    }
  }
}

}  // namespace meridian::doors::http
