#include "record/store/stored_fields.h"

#include <algorithm>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>

namespace meridian::record {
namespace {

// More than R4 has parameters.
constexpr std::int64_t kParametersPerType = 4096;
constexpr std::string_view kResolves = ".where(resolve()is";

// Paths of elements, without blanks.
using Paths = std::set<std::string>;

// Where in a resource of the type a parameter's values are.
struct Source {
  Paths paths;
  std::string target;  // that all of the paths' references must have
};

// The alternatives of an expression that "|" separates, parentheses kept together.
std::vector<std::string> alternatives_of(std::string_view expression) {
  std::vector<std::string> alternatives(1);
  int depth = 0;
  for (const char c : expression) {
    if (c == ' ') continue;
    depth += c == '(' ? 1 : c == ')' ? -1 : 0;
    if (c == '|' && depth == 0)
      alternatives.emplace_back();
    else
      alternatives.back() += c;
  }
  return alternatives;
}

// Those of other resource types give nothing.
bool is_of_other_type(std::string_view path, std::string_view type) {
  path.remove_prefix(std::min(path.find_first_not_of('('), path.size()));
  const std::string_view head = path.substr(0, path.find_first_of(".)"));
  return head != type && is_resource_type(head);
}

Source source_of(std::string_view type, const SearchParameter& parameter) {
  Source source;
  bool first = true;
  for (std::string path : alternatives_of(parameter.expression)) {
    if (is_of_other_type(path, type)) continue;
    std::string target;
    if (const auto at = path.find(kResolves); at != std::string::npos && path.ends_with(')')) {
      target = path.substr(at + kResolves.size(), path.size() - at - kResolves.size() - 1);
      path.resize(at);
    }
    if (!first && target != source.target) return {};
    source.target = std::move(target);
    source.paths.insert(std::move(path));
    first = false;
  }
  return source;
}

bool are_of_one_kind(std::string_view type, const SearchParameter& a, const SearchParameter& b) {
  const auto kind = [&](const SearchComponent& component) {
    const SearchParameter* definition = find_search_parameter(type, component.definition);
    return std::pair(definition ? definition->type : SearchType::special, component.expression);
  };
  return a.type == b.type && std::ranges::equal(a.components, b.components, {}, kind, kind);
}

class Repetitions {
 public:
  // type: as resource_types() has it.
  explicit Repetitions(std::string_view type) : type_(type) {
    for (const SearchParameter* parameter : search_parameters(type))
      sources_.emplace(parameter, source_of(type, *parameter));
    for (const auto& [parameter, source] : sources_) fields_.emplace(parameter, settle(*parameter, source));
  }
  const StoredFields& fields(const SearchParameter& parameter) const { return fields_.at(&parameter); }

 private:
  StoredFields settle(const SearchParameter& parameter, const Source& source) const {
    StoredFields stored;
    Paths covered;
    if (!source.paths.empty())
      for (const auto& [other, part] : sources_)
        if (repeats(parameter, source, *other, part)) {
          stored.fields.push_back(field_of(type_, *other));
          covered.insert(part.paths.begin(), part.paths.end());
        }
    if (covered != source.paths || stored.fields.empty()) return {{field_of(type_, parameter)}, {}};
    if (!source.target.empty()) stored.target = *std::ranges::lower_bound(resource_types(), source.target);
    return stored;
  }

  // Whether the other, which then has rows of its own, has a part of the parameter's values. The order in
  // which parameters repeat one another has no circles: towards fewer paths, no target, a smaller number.
  bool repeats(const SearchParameter& parameter, const Source& source, const SearchParameter& other,
               const Source& part) const {
    if (&parameter == &other || part.paths.empty() || !are_of_one_kind(type_, parameter, other)) return false;
    if (!std::ranges::includes(source.paths, part.paths) || !part.target.empty()) return false;
    const bool same = part.paths == source.paths && part.target == source.target;
    return (!same || other.number < parameter.number) &&
           settle(other, part).fields.front() == field_of(type_, other);
  }

  std::string_view type_;
  std::map<const SearchParameter*, Source> sources_;
  std::map<const SearchParameter*, StoredFields> fields_;
};

const Repetitions& repetitions_of(std::string_view type) {
  struct Slot {
    std::once_flag once;
    std::unique_ptr<const Repetitions> made;
  };
  static std::vector<Slot> slots(resource_types().size());
  const auto place = std::ranges::lower_bound(resource_types(), type) - resource_types().begin();
  Slot& slot = slots[static_cast<std::size_t>(place)];
  std::call_once(slot.once, [&] { slot.made = std::make_unique<Repetitions>(resource_types()[place]); });
  return *slot.made;
}

}  // namespace

const StoredFields& stored_fields(std::string_view type, const SearchParameter& parameter) {
  return repetitions_of(type).fields(parameter);
}

std::int64_t stored_field(std::string_view type, std::string_view code) {
  return stored_fields(type, *find_search_parameter(type, code)).fields.front();
}

bool has_own_rows(std::string_view type, const SearchParameter& parameter) {
  const StoredFields& stored = stored_fields(type, parameter);
  return stored.fields.front() == field_of(type, parameter);
}

std::int64_t field_of(std::string_view type, const SearchParameter& parameter) {
  const auto types = resource_types();
  const auto place = std::lower_bound(types.begin(), types.end(), type) - types.begin();
  return place * kParametersPerType + parameter.number;
}

}  // namespace meridian::record
