#include "engine/card.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "base/encoding.h"
#include "base/error.h"
#include "base/file.h"
#include "base/resource.h"
#include "engine/card_member.h"

namespace meridian::engine {
namespace {

using Member = CardMember;

std::vector<std::string> optional_texts(const Member& member) {
  std::vector<std::string> texts;
  if (!member.present()) return texts;
  for (const Member& item : member.items()) texts.push_back(item.text());
  return texts;
}

void check_coding(const Member& coding) {
  coding.only({"system", "code", "display"});
  for (const char* name : {"system", "code", "display"}) coding[name].text();
}

Trigger parse_trigger(const Member& member) {
  Trigger trigger;
  const std::string on = member["on"].text();
  if (on == "instance") {
    member.only({"on", "modalities", "sop_classes", "body_parts"});
    trigger.kind = Trigger::Kind::instance;
    trigger.modalities = optional_texts(member["modalities"]);
    trigger.sop_classes = optional_texts(member["sop_classes"]);
    trigger.body_parts = optional_texts(member["body_parts"]);
  } else if (on == "resource") {
    member.only({"on", "resource_type"});
    trigger.kind = Trigger::Kind::resource;
    trigger.resource_type = member["resource_type"].text();
  } else if (on == "on_demand") {
    member.only({"on"});
  } else {
    member["on"].wrong("\"" + on + "\" is not instance, resource or on_demand");
  }
  return trigger;
}

ModelFile parse_model(const Member& member) {
  member.only({"file", "sha256"});
  ModelFile model{member["file"].text(), member["sha256"].matching("[0-9a-f]{64}")};
  const std::filesystem::path path(model.file);
  if (path.is_absolute() || std::find(path.begin(), path.end(), "..") != path.end())
    member["file"].wrong("A model's file lies below models/");
  return model;
}

void check_inputs(const Member& inputs) {
  inputs.only({"kind", "text", "resources"});
  inputs["kind"].matching("recording|image|series|volume|resources");
  inputs["text"].localized();
  optional_texts(inputs["resources"]);
}

void check_outputs(const Member& outputs) {
  outputs.only({"report", "findings"});
  check_coding(outputs["report"]["code"]);
  outputs["report"]["category"].matching("CT|EC|GE|LAB|OTH|PHR|RAD|RUS|RX|VUS|XRC");
  for (const Member& finding : outputs["findings"].items(1)) {
    check_coding(finding["code"]);
    finding["text"].localized();
  }
}

void check_evidence(const Member& evidence) {
  for (const Member& item : evidence.items()) {
    item.only({"data", "part", "metrics", "command", "curves"});
    for (const char* name : {"data", "command"}) item[name].text();
    item["part"].localized();
    for (const Member& metric : item["metrics"].items(1)) {
      metric.only({"name", "value", "unit", "interval", "n", "group"});
      metric["name"].localized();
      metric["value"].number();
      if (metric["interval"].present() && metric["interval"].items(2).size() != 2)
        metric["interval"].wrong("An interval has two ends");
    }
  }
}

OperatingPoint parse_operating_point(const Member& member) {
  member.only({"threshold", "why"});
  OperatingPoint point{member["threshold"].number(), member["why"].localized()};
  if (!(point.threshold >= 0 && point.threshold <= 1))
    member["threshold"].wrong("A threshold lies between 0 and 1");
  return point;
}

bool parse_on_by_default(const Member& member) {
  return !member.present() || member.truth();
}

void check_digest(const ModelFile& model) {
  std::filesystem::path path;
  try {
    path = resource("models/" + model.file);
  } catch (const Error&) {
    return;  // a missing model makes the assistant unavailable, not the node
  }
  if (to_hex(sha256(read_file(path))) != model.sha256)
    throw Error(ErrorCode::corrupted, "The model is not the one that the card describes", path.string(),
                "Restore the file, or write its SHA-256 and its measured numbers into the card");
}

}  // namespace

Card Card::parse(const Json& json) {
  const Member root(&json, "card");
  root.only({"id", "version", "title", "intended_use", "not_for", "inputs", "outputs", "triggers", "evidence",
             "limits", "training_data", "models", "operating_point", "on_by_default", "why_off", "references",
             "imaging"});
  Card card;
  card.id = root["id"].matching("[a-z][a-z0-9_]{1,63}");
  card.version = root["version"].matching("[0-9]+\\.[0-9]+\\.[0-9]+");
  card.title = root["title"].localized();
  card.intended_use = root["intended_use"].localized();
  card.not_for = root["not_for"].localized();
  check_inputs(root["inputs"]);
  check_outputs(root["outputs"]);
  for (const Member& trigger : root["triggers"].items(1)) card.triggers.push_back(parse_trigger(trigger));
  check_evidence(root["evidence"]);
  for (const Member& limit : root["limits"].items(1)) limit.localized();
  for (const Member& data : root["training_data"].items()) {
    for (const char* name : {"name", "licence"}) data[name].text();
    data["use"].localized();
  }
  if (root["models"].present())
    for (const Member& model : root["models"].items()) card.models.push_back(parse_model(model));
  if (root["operating_point"].present())
    card.operating_point = parse_operating_point(root["operating_point"]);
  card.on_by_default = parse_on_by_default(root["on_by_default"]);
  if (!card.on_by_default || root["why_off"].present()) card.why_off = root["why_off"].localized();
  card.whole = json;
  return card;
}

Card Card::read(const std::string& id) {
  const std::filesystem::path path = [&] {
    try {
      return resource("src/assistants/" + id + "/card.json");
    } catch (const Error& error) {
      throw Error(ErrorCode::invalid_configuration, "The card is missing", error.where(), error.advice());
    }
  }();
  try {
    const Json json = Json::parse(read_file(path, 1u << 20));
    Card card = parse(json);
    if (card.id != id)
      Member(&json, "card")["id"].wrong("\"" + card.id + "\" is not the name of its folder, " + id);
    return card;
  } catch (const Error& error) {
    throw Error(ErrorCode::invalid_configuration, error.what(), path.string() + ": " + error.where(),
                error.advice());
  }
}

Card Card::load(const std::string& id) {
  Card card = read(id);
  for (const ModelFile& model : card.models) check_digest(model);
  return card;
}

}  // namespace meridian::engine
