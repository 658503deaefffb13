// CodeSystem/$lookup and CodeSystem/$subsumes.
#include <algorithm>
#include <set>

#include "base/error.h"
#include "record/operations/coded_input.h"
#include "record/operations/terminology_operations.h"

namespace meridian::record {
namespace {

CodeSystem system_of(const OperationContext& context, const std::string& url, const std::string& version) {
  CodeSystem system(require_canonical(context, "CodeSystem", url, version));
  if (system.is_listed()) return system;
  throw Error(ErrorCode::not_supported, "The concepts of " + url.substr(0, 200) + " are not carried here", {},
              "Store the CodeSystem with its concepts");
}

const Json& require_concept(const CodeSystem& system, const std::string& code) {
  if (const Json* found = system.find(code)) return *found;
  throw Error(ErrorCode::not_found,
              system.resource().text("url") + " has no code \"" + code.substr(0, 200) + "\"", "code");
}

class LookedUp {
 public:
  LookedUp(const CodeSystem& system, const Json& concept_, const OperationInput& input)
      : system_(system), concept_(concept_), language_(input.text("displayLanguage")) {
    for (std::string& name : input.texts("property")) asked_.insert(std::move(name));
  }

  std::string answer() {
    const Json& resource = system_.resource();
    outputs_.push_back(
        output("name", "valueString", resource.text("name", resource.text("title", resource.text("url")))));
    if (const std::string version = resource.text("version"); !version.empty())
      outputs_.push_back(output("version", "valueString", version));
    const std::string display = display_in(concept_, language_);
    outputs_.push_back(output("display", "valueString", display.empty() ? concept_.text("code") : display));
    if (is_asked("designation"))
      for (const Json& designation : items_of(concept_, "designation")) add_designation(designation);
    if (const std::string definition = concept_.text("definition"); !definition.empty())
      add_property("definition", "valueString", definition);
    add_relatives("parent", system_.parents());
    add_relatives("child", system_.children());
    for (const Json& property : items_of(concept_, "property")) add_own(property);
    return parameters_text(std::move(outputs_));
  }

 private:
  // All, unless some are named (FHIR R4, CodeSystem-lookup, "property").
  bool is_asked(std::string_view name) const {
    return asked_.empty() || asked_.contains(name) || asked_.contains("*");
  }

  void add_property(std::string_view name, std::string_view member, Json value) {
    if (!is_asked(name)) return;
    outputs_.push_back(
        output("property", "part",
               Json::array({output("code", "valueCode", name), output("value", member, std::move(value))})));
  }

  void add_relatives(std::string_view name, const CodeSystem::Links& links) {
    const auto [begin, end] = links.equal_range(concept_.text("code"));
    std::set<std::string> codes;
    for (auto link = begin; link != end; ++link) codes.insert(link->second);
    for (const std::string& code : codes) add_property(name, "valueCode", code);
  }

  void add_own(const Json& property) {
    const std::string name = property.text("code");
    if (name == "parent" || name == "child") return;  // among the relatives
    for (const auto& [member, value] : property.members())
      if (member.starts_with("value")) add_property(name, member, value);
  }

  void add_designation(const Json& designation) {
    Json::Array parts;
    if (designation.contains("language"))
      parts.push_back(output("language", "valueCode", designation.text("language")));
    if (const Json* use = designation.find("use")) parts.push_back(output("use", "valueCoding", *use));
    parts.push_back(output("value", "valueString", designation.text("value")));
    outputs_.push_back(output("designation", "part", std::move(parts)));
  }

  const CodeSystem& system_;
  const Json& concept_;
  const std::string language_;
  std::set<std::string, std::less<>> asked_;
  Json::Array outputs_;
};

const char* relation_of(const CodeSystem& system, const std::string& a, const std::string& b) {
  if (require_concept(system, a).text("code") == require_concept(system, b).text("code")) return "equivalent";
  if (system.below(a).contains(b)) return "subsumes";
  return system.above(a).contains(b) ? "subsumed-by" : "not-subsumed";
}

// Of codingA or codingB, or of codeA or codeB and the system.
GivenCode side(const OperationInput& input, const std::string& letter, const std::string& system) {
  if (const Json* coding = input.value("coding" + letter, "Coding")) return given_code(*coding);
  return {{system, input.required("code" + letter)}, {}, input.text("version")};
}

}  // namespace

std::string look_up_code(const OperationContext& context, const OperationCall& call) {
  const OperationInput input(call, {"code", "system", "version", "coding", "displayLanguage", "property"}, {},
                             {"date"});
  const GivenCode given = given_codes(input, input.text("system"), "version").front();
  const CodeSystem system = system_of(context, given.code.system, given.version);
  return LookedUp(system, require_concept(system, given.code.code), input).answer();
}

std::string compare_codes(const OperationContext& context, const OperationCall& call) {
  const OperationInput input(call, {"codeA", "codeB", "system", "version", "codingA", "codingB"});
  std::string url = input.text("system");
  if (!call.id.empty()) url = resource_meant(context, call, input, "CodeSystem", {}, {}, {})->text("url");
  const GivenCode a = side(input, "A", url), b = side(input, "B", url);
  if (a.code.system.empty())
    throw Error(ErrorCode::invalid_request, "The system of the codes is missing", "system");
  if (a.code.system != b.code.system)
    throw Error(ErrorCode::invalid_request, "The two codes are of different systems", "system");
  const CodeSystem system = system_of(context, a.code.system, a.version);
  return parameters_text({output("outcome", "valueCode", relation_of(system, a.code.code, b.code.code))});
}

}  // namespace meridian::record
