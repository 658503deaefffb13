#include "record/terminology/system_versions.h"

#include "base/error.h"

namespace meridian::record {

SystemVersions::SystemVersions(const CanonicalSource& source, const std::vector<std::string>& defaults,
                               const std::vector<std::string>& checked,
                               const std::vector<std::string>& forced)
    : source_(source) {
  add(defaults, false, false);
  add(checked, true, false);
  add(forced, false, true);
}

void SystemVersions::add(const std::vector<std::string>& texts, bool checked, bool forced) {
  for (const std::string& text : texts) {
    const std::size_t bar = text.rfind('|');
    if (bar == std::string::npos || bar == 0 || bar + 1 == text.size())
      throw Error(ErrorCode::invalid_value,
                  "\"" + text.substr(0, 200) + "\" is no version of a system, SYSTEM|VERSION",
                  forced    ? "force-system-version"
                  : checked ? "check-system-version"
                            : "system-version");
    asked_[text.substr(0, bar)] = {text.substr(bar + 1), checked, forced};
  }
}

void SystemVersions::settle(Json& part) const {
  const auto found = asked_.find(part.text("system"));
  if (found == asked_.end()) return;
  const Asked& asked = found->second;
  const std::string own = part.text("version");
  if (asked.checked && !own.empty() && own != asked.version)
    throw Error(ErrorCode::invalid_value,
                "The value set is of version " + own.substr(0, 80) + " of " + found->first.substr(0, 200),
                "check-system-version");
  if (own.empty() || asked.forced) part["version"] = asked.version;
}

Json SystemVersions::settled(Json value_set) const {
  Json* compose = asked_.empty() ? nullptr : value_set.find("compose");
  for (const char* list : {"include", "exclude"})
    if (Json* parts = compose ? compose->find(list) : nullptr; parts && parts->is_array())
      for (Json& part : parts->items()) settle(part);
  if (compose) value_set.erase("expansion");  // which is of other versions
  return value_set;
}

std::shared_ptr<const Json> SystemVersions::find(std::string_view type, std::string_view canonical) const {
  std::shared_ptr<const Json> found = source_.find(type, canonical);
  if (!found || asked_.empty() || type != "ValueSet") return found;
  return std::make_shared<const Json>(settled(*found));
}

}  // namespace meridian::record
