#include "engine/resources.h"

#include <algorithm>

#include "base/encoding.h"
#include "base/error.h"
#include "record/store/belonging.h"

namespace meridian::engine {
namespace {

Json translation(const std::string& text) {
  return Json::object(
      {{"url", kTranslation},
       {"extension", Json::array({Json::object({{"url", "lang"}, {"valueCode", "zh"}}),
                                  Json::object({{"url", "content"}, {"valueString", text}})})}});
}

const Json* find_extension(const Json& element, std::string_view url) {
  const Json* extensions = element.find("extension");
  if (!extensions || !extensions->is_array()) return nullptr;
  for (const Json& extension : extensions->items())
    if (extension.text("url") == url) return &extension;
  return nullptr;
}

}  // namespace

Json text_or_null(const std::string& text) {
  return text.empty() ? Json() : Json(text);
}

Json reference(const std::string& to, const std::string& display) {
  Json json = Json::object({{"reference", to}});
  if (!display.empty()) json["display"] = display;
  return json;
}

std::string local_reference(std::string reference) {
  if (const auto history = reference.find("/_history/"); history != std::string::npos)
    reference.resize(history);
  const auto id = reference.rfind('/');
  const auto type = id == std::string::npos || id == 0 ? std::string::npos : reference.rfind('/', id - 1);
  return type == std::string::npos ? reference : reference.substr(type + 1);
}

Json coding(std::string_view system, std::string_view code, std::string_view display) {
  Json json = Json::object({{"system", system}, {"code", code}});
  if (!display.empty()) json["display"] = display;
  return json;
}

Json concept_of(std::string_view system, std::string_view code, std::string_view display) {
  Json json = Json::object({{"coding", Json::array({coding(system, code, display)})}});
  if (!display.empty()) json["text"] = display;
  return json;
}

void set_localized(Json& element, const std::string& member, const LocalizedText& text) {
  element[member] = text.en;
  if (!text.zh.empty()) element["_" + member]["extension"] = Json::array({translation(text.zh)});
}

LocalizedText localized(const Json& element, const std::string& member) {
  LocalizedText text{element.text(member), {}};
  const Json* primitive = element.find("_" + member);
  if (const Json* found = primitive ? find_extension(*primitive, kTranslation) : nullptr)
    if (const Json* content = extension_value(*found, "content", "valueString"))
      text.zh = content->as_string();
  if (text.zh.empty()) text.zh = text.en;
  return text;
}

const Json* extension_value(const Json& resource, std::string_view url, std::string_view value_member) {
  const Json* extension = find_extension(resource, url);
  return extension ? extension->find(value_member) : nullptr;
}

void add_extension(Json& resource, std::string_view url, std::string_view value_member, Json value) {
  resource["extension"].push_back(
      Json::object({{"url", url}, {std::string(value_member), std::move(value)}}));
}

bool has_coding(const Json& concepts, std::string_view system, std::string_view code) {
  if (concepts.is_array())
    return std::any_of(concepts.items().begin(), concepts.items().end(),
                       [&](const Json& item) { return has_coding(item, system, code); });
  const Json* codings = concepts.find("coding");
  return codings && codings->is_array() &&
         std::any_of(codings->items().begin(), codings->items().end(), [&](const Json& item) {
           return item.text("system") == system && item.text("code") == code;
         });
}

void keep_from_patient(Json& resource) {
  release_to_patient(resource);
  resource["meta"]["security"].push_back(coding(record::kActCode, record::kNotForPatient));
}

void release_to_patient(Json& resource) {
  const Json* meta = resource.find("meta");
  const Json* labels = meta ? meta->find("security") : nullptr;
  if (!labels) return;
  Json others = Json::array();
  for (const Json& label : labels->items())
    if (label.text("system") != record::kActCode || label.text("code") != record::kNotForPatient)
      others.push_back(label);
  if (others.empty())
    resource["meta"].erase("security");
  else
    resource["meta"]["security"] = std::move(others);
}

std::optional<Json> read_if_any(record::Writer& writer, const std::string& reference) {
  try {
    return Json::parse(writer.read(reference).body);
  } catch (const Error& error) {
    if (error.code() == ErrorCode::not_found || error.code() == ErrorCode::gone) return std::nullopt;
    throw;
  }
}

}  // namespace meridian::engine
