// ValueSet/$validate-code and CodeSystem/$validate-code.
#include <algorithm>
#include <functional>

#include "base/error.h"
#include "record/operations/coded_input.h"
#include "record/operations/terminology_operations.h"
#include "record/values/fold.h"

namespace meridian::record {
namespace {

// What is known of a code that is right, or why it is not.
struct Verdict {
  bool known = false;
  std::string display, message;
  Json designations = {};
};

bool is_display_of(const std::string& display, const Verdict& verdict) {
  const std::string wanted = fold(display);
  if (verdict.display.empty() || fold(verdict.display) == wanted) return true;
  if (!verdict.designations.is_array()) return false;
  return std::ranges::any_of(verdict.designations.items(), [&](const Json& designation) {
    return fold(designation.text("value")) == wanted;
  });
}

std::string answer(bool result, const std::string& message, const std::string& display) {
  Json::Array outputs{output("result", "valueBoolean", result)};
  if (!message.empty()) outputs.push_back(output("message", "valueString", message));
  if (!display.empty()) outputs.push_back(output("display", "valueString", display));
  return parameters_text(std::move(outputs));
}

// One code that is right is enough (FHIR R4, ValueSet-validate-code).
std::string judge(const std::vector<GivenCode>& codes,
                  const std::function<Verdict(const GivenCode& given)>& verdict_of) {
  std::string message;
  for (const GivenCode& given : codes) {
    const Verdict verdict = verdict_of(given);
    if (!verdict.known) {
      message = verdict.message;
      continue;
    }
    if (given.display.empty() || is_display_of(given.display, verdict))
      return answer(true, {}, verdict.display);
    return answer(false,
                  "The display \"" + given.display.substr(0, 200) + "\" is not that of " + given.code.code,
                  verdict.display);
  }
  return answer(false, message, {});
}

Verdict verdict_in(const std::vector<ValueSetMember>& members, const GivenCode& given,
                   const std::string& name, bool abstract_too) {
  const auto found = std::ranges::find(members, given.code, &ValueSetMember::code);
  if (found == members.end())
    return {false, {}, given.code.system + "|" + given.code.code + " is not in " + name};
  if (found->abstract && !abstract_too)
    return {false, {}, given.code.code + " is abstract: it groups others and is not to be used by itself"};
  return {true, found->display, {}, found->designations};
}

Verdict verdict_of(const CodeSystem& system, const GivenCode& given, const std::string& language,
                   bool abstract_too) {
  const Json* concept_ = system.find(given.code.code);
  if (!concept_ && !system.is_complete())
    throw Error(ErrorCode::not_supported,
                "The codes of " + system.resource().text("url").substr(0, 200) + " are not all listed here",
                {}, "Store the CodeSystem with all its concepts");
  if (!concept_) return {false, {}, system.resource().text("url") + " has no code " + given.code.code};
  if (is_abstract(*concept_) && !abstract_too)
    return {false, {}, given.code.code + " is abstract: it groups others and is not to be used by itself"};
  const Json* designations = concept_->find("designation");
  return {true, display_in(*concept_, language), {}, designations ? *designations : Json()};
}

}  // namespace

std::string validate_code_in_value_set(const OperationContext& context, const OperationCall& call) {
  const OperationInput input(call,
                             {"url", "valueSet", "valueSetVersion", "code", "system", "systemVersion",
                              "display", "coding", "codeableConcept", "abstract", "displayLanguage"},
                             {}, {"context", "date"});
  const std::vector<GivenCode> codes = given_codes(input, input.text("system"), "systemVersion");
  const auto value_set =
      resource_meant(context, call, input, "ValueSet", "url", "valueSet", "valueSetVersion");
  return judge(codes, [&](const GivenCode& given) {
    const ValueSetReader reader(context.canonicals, input.text("displayLanguage"), given.code.system);
    return verdict_in(reader.members(*value_set), given, value_set->text("url", "the value set"),
                      input.flag("abstract", false));
  });
}

std::string validate_code_in_system(const OperationContext& context, const OperationCall& call) {
  const OperationInput input(call,
                             {"url", "codeSystem", "code", "version", "display", "coding", "codeableConcept",
                              "abstract", "displayLanguage"},
                             {}, {"date"});
  std::string url = input.text("url");
  if (const Json* coding = input.value("coding", "Coding"); coding && url.empty())
    url = coding->text("system");
  const bool of_url = call.id.empty() && !input.resource("codeSystem", "CodeSystem") && !url.empty();
  const CodeSystem system(
      of_url ? require_canonical(context, "CodeSystem", url, input.text("version"))
             : resource_meant(context, call, input, "CodeSystem", "url", "codeSystem", "version"));
  const std::string own = system.resource().text("url");
  return judge(given_codes(input, own, "version"), [&](const GivenCode& given) {
    if (given.code.system != own) return Verdict{false, {}, given.code.system + " is not " + own};
    return verdict_of(system, given, input.text("displayLanguage"), input.flag("abstract", false));
  });
}

}  // namespace meridian::record
