// ConceptMap/$translate.
#include <algorithm>
#include <array>
#include <set>

#include "base/error.h"
#include "record/operations/coded_input.h"
#include "record/operations/terminology_operations.h"

namespace meridian::record {
namespace {

constexpr std::size_t kMostMaps = 100;  // that a code is sent on to

struct Translation {
  std::string source, target, target_system;  // as asked for; empty: any
  bool reverse;
};

struct Found {
  bool certain;
  Json match;
};

// What the relation is called when it is read from the target (FHIR R4, ConceptMapEquivalence).
std::string reversed(const std::string& equivalence) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 4> kOpposites{
      {{"wider", "narrower"},
       {"narrower", "wider"},
       {"subsumes", "specializes"},
       {"specializes", "subsumes"}}};
  for (const auto& [one, other] : kOpposites)
    if (equivalence == one) return std::string(other);
  return equivalence;
}

bool is_certain(const std::string& equivalence) {
  return equivalence != "unmatched" && equivalence != "disjoint";
}

std::string either(const Json& map, const char* uri, const char* canonical) {
  return map.text(canonical, map.text(uri));
}

bool is_meant(const Translation& asked, const Json& map) {
  const std::string from = either(map, "sourceUri", "sourceCanonical");
  const std::string to = either(map, "targetUri", "targetCanonical");
  return (asked.source.empty() || asked.source == (asked.reverse ? to : from)) &&
         (asked.target.empty() || asked.target == (asked.reverse ? from : to));
}

class Translator {
 public:
  Translator(const CanonicalSource& source, const Translation& asked, const GivenCode& given)
      : source_(source), asked_(asked), given_(given) {}

  void add(const Json& map) {
    if (is_meant(asked_, map) && is_new(map)) add_groups(map);
  }
  std::vector<Found> take() { return std::move(found_); }

 private:
  // A map says the same of the code however often it is come to: maps may send to each other.
  bool is_new(const Json& map) {
    const std::string url = map.text("url");
    return url.empty() || followed_.insert(url + "|" + map.text("version")).second;
  }

  void add_groups(const Json& map) {
    for (const Json& group : items_of(map, "group")) add_group(map, group);
  }

  void add_group(const Json& map, const Json& group) {
    const std::string from = group.text(asked_.reverse ? "target" : "source");
    const std::string to = group.text(asked_.reverse ? "source" : "target");
    if (from != given_.code.system || (!asked_.target_system.empty() && to != asked_.target_system)) return;
    bool mapped = false;
    for (const Json& element : items_of(group, "element"))
      for (const Json& target : items_of(element, "target")) mapped |= add_target(map, to, element, target);
    if (!mapped && !asked_.reverse && !is_listed(group)) add_unmapped(map, group, to);
  }

  bool is_listed(const Json& group) const {
    return std::ranges::any_of(items_of(group, "element"),
                               [&](const Json& element) { return element.text("code") == given_.code.code; });
  }

  bool add_target(const Json& map, const std::string& to, const Json& element, const Json& target) {
    const Json& from = asked_.reverse ? target : element;
    if (from.text("code") != given_.code.code) return false;
    const std::string equivalence = target.text("equivalence");
    add_match(map, asked_.reverse ? reversed(equivalence) : equivalence, to,
              asked_.reverse ? element : target, items_of(target, "product"));
    return true;
  }

  // FHIR R4, ConceptMap.group.unmapped.
  void add_unmapped(const Json& map, const Json& group, const std::string& to) {
    const Json* unmapped = group.find("unmapped");
    if (!unmapped) return;
    const std::string mode = unmapped->text("mode");
    if (mode == "provided") add_match(map, "equivalent", to, Json::object({{"code", given_.code.code}}), {});
    if (mode == "fixed") add_match(map, "inexact", to, *unmapped, {});
    if (mode != "other-map") return;
    const auto other = source_.find("ConceptMap", unmapped->text("url"));
    if (!other || !is_new(*other)) return;
    if (++sent_on_ > kMostMaps)
      throw Error(ErrorCode::too_large,
                  "More than " + std::to_string(kMostMaps) + " maps send the code on, one to another",
                  "ConceptMap.group.unmapped");
    add_groups(*other);
  }

  void add_match(const Json& map, const std::string& equivalence, const std::string& system,
                 const Json& concept_, const Json::Array& products) {
    Json coding = Json::object();
    if (!system.empty()) coding["system"] = system;
    for (const char* member : {"code", "display"})
      if (concept_.contains(member)) coding[member] = concept_.text(member);
    Json::Array parts{output("equivalence", "valueCode", equivalence)};
    if (coding.contains("code")) parts.push_back(output("concept", "valueCoding", std::move(coding)));
    for (const Json& product : products) parts.push_back(product_of(product));
    if (map.contains("url")) parts.push_back(output("source", "valueUri", map.text("url")));
    found_.push_back({is_certain(equivalence), output("match", "part", std::move(parts))});
  }

  static Json product_of(const Json& product) {
    Json coding = Json::object({{"code", product.text("value")}});
    if (product.contains("system")) coding["system"] = product.text("system");
    return output("product", "part",
                  Json::array({output("element", "valueUri", product.text("property")),
                               output("concept", "valueCoding", std::move(coding))}));
  }

  const CanonicalSource& source_;
  const Translation& asked_;
  const GivenCode& given_;
  std::set<std::string> followed_;  // maps, as url|version
  std::size_t sent_on_ = 0;
  std::vector<Found> found_;
};

std::vector<std::shared_ptr<const Json>> maps_meant(const OperationContext& context,
                                                    const OperationCall& call, const OperationInput& input,
                                                    const std::string& system, bool reverse) {
  if (!call.id.empty() || input.resource("conceptMap", "ConceptMap") || !input.text("url").empty())
    return {resource_meant(context, call, input, "ConceptMap", "url", "conceptMap", "conceptMapVersion")};
  std::vector<std::shared_ptr<const Json>> maps;
  for (const std::string& url : context.canonicals.maps_of(system, reverse))
    maps.push_back(context.canonicals.find("ConceptMap", url));
  return maps;
}

}  // namespace

std::string translate_code(const OperationContext& context, const OperationCall& call) {
  const OperationInput input(call,
                             {"url", "conceptMap", "conceptMapVersion", "code", "system", "version", "source",
                              "coding", "codeableConcept", "target", "targetsystem", "reverse"},
                             {}, {"dependency"});
  const Translation asked{input.text("source"), input.text("target"), input.text("targetsystem"),
                          input.flag("reverse", false)};
  std::vector<Found> found;
  for (const GivenCode& given : given_codes(input, input.text("system"), "version")) {
    Translator translator(context.canonicals, asked, given);
    for (const auto& map : maps_meant(context, call, input, given.code.system, asked.reverse))
      translator.add(*map);
    for (Found& one : translator.take()) found.push_back(std::move(one));
  }
  const bool result = std::ranges::any_of(found, &Found::certain);
  Json::Array outputs{output("result", "valueBoolean", result)};
  if (!result) outputs.push_back(output("message", "valueString", "No map that is known here has the code"));
  for (Found& one : found) outputs.push_back(std::move(one.match));
  return parameters_text(std::move(outputs));
}

}  // namespace meridian::record
