#include "engine/signature.h"

#include <algorithm>

#include "base/encoding.h"
#include "base/error.h"
#include "base/time.h"
#include "engine/resources.h"
#include "trust/access.h"

namespace meridian::engine {
namespace {

constexpr std::string_view kHashFormat = "application/x-sha256";
constexpr std::string_view kParticipant = "http://terminology.hl7.org/CodeSystem/provenance-participant-type";

void append_canonical(std::string& out, const Json& value);

void append_canonical_object(std::string& out, const Json::Object& members) {
  std::vector<const Json::Member*> sorted;
  for (const Json::Member& member : members) sorted.push_back(&member);
  std::sort(sorted.begin(), sorted.end(), [](const auto* a, const auto* b) { return a->first < b->first; });
  out += '{';
  for (const Json::Member* member : sorted) {
    if (member != sorted.front()) out += ',';
    append_json_string(out, member->first);
    out += ':';
    append_canonical(out, member->second);
  }
  out += '}';
}

void append_canonical(std::string& out, const Json& value) {
  if (value.is_object()) return append_canonical_object(out, value.members());
  if (!value.is_array()) {
    out += value.dump();
    return;
  }
  out += '[';
  for (std::size_t i = 0; i < value.size(); ++i) {
    if (i) out += ',';
    append_canonical(out, value.at(i));
  }
  out += ']';
}

Json finalized(record::Writer& writer, const std::string& reference) {
  Json resource = Json::parse(writer.read(reference).body);
  resource["status"] = "final";
  release_to_patient(resource);
  return resource;
}

Json signed_report(record::Writer& writer, const trust::Principal& principal, const SignRequest& request,
                   const std::string& at) {
  Json report = Json::parse(writer.read("DiagnosticReport", request.report_id).body);
  if (report.text("status") != "preliminary")
    throw Error(ErrorCode::conflict, "This report has already been signed",
                "DiagnosticReport/" + request.report_id, "Open the case again to see who signed it");
  report["status"] = "final";
  release_to_patient(report);
  report["issued"] = at;
  report["resultsInterpreter"] = Json::array({reference(principal.fhir_user, principal.display)});
  report.erase("result");
  for (const std::string& id : request.accepted) report["result"].push_back(reference("Observation/" + id));
  if (!request.changes.empty()) add_extension(report, kChanges, "valueString", request.changes);
  return report;
}

// Leaves of the draft what the signature vouches for; false when that is nothing.
bool keep_accepted(Json& draft, const std::vector<std::string>& accepted) {
  const Json* results = draft.find("result");
  if (!results) return false;
  Json kept = Json::array();
  for (const Json& result : results->items())
    if (std::ranges::any_of(
            accepted, [&](const std::string& id) { return result.text("reference") == "Observation/" + id; }))
      kept.push_back(result);
  if (kept.size() < results->size())
    for (const char* member : {"conclusion", "_conclusion", "conclusionCode"}) draft.erase(member);
  const bool any = !kept.empty();
  draft["result"] = std::move(kept);
  return any;
}

// How many recordings the signature names: none is another thing than not to say it.
constexpr std::string_view kRecordingsSaid = "urn:meridian:recordings-said";
constexpr std::string_view kUidPrefix = "urn:oid:";

Json source_entity(const std::string& uid) {
  const Json identifier = Json::object({{"system", kDicomUid}, {"value", std::string(kUidPrefix) + uid}});
  return Json::object({{"role", "source"}, {"what", Json::object({{"identifier", identifier}})}});
}

// The drafts as entities of the Provenance, in the versions that were read; those relied on become final.
Json close_drafts(record::Writer& writer, const trust::Principal& principal, const SignRequest& request) {
  Json entities = Json::array();
  for (const std::string& id : request.drafts) {
    const record::Version version = writer.read("DiagnosticReport", id);
    const std::string read_as = version.reference() + "/_history/" + std::to_string(version.number);
    entities.push_back(Json::object({{"role", "derivation"}, {"what", reference(read_as)}}));
    Json draft = Json::parse(version.body);
    if (draft.text("status") != "preliminary" || !keep_accepted(draft, request.accepted)) continue;
    draft["status"] = "final";
    draft["resultsInterpreter"] = Json::array({reference(principal.fhir_user, principal.display)});
    writer.update(draft);
  }
  return entities;
}

Json signature(const trust::Principal& principal, const std::string& hash, const std::string& at) {
  return Json::object({{"type", Json::array({coding("urn:iso-astm:E1762-95:2013", "1.2.840.10065.1.12.1.1",
                                                    "Author's Signature")})},
                       {"when", at},
                       {"who", reference(principal.fhir_user, principal.display)},
                       {"sigFormat", kHashFormat},
                       {"data", to_base64(from_hex(hash))}});
}

}  // namespace

std::string content_hash(const std::vector<Json>& resources) {
  Sha256 digest;
  for (Json resource : resources) {
    resource.erase("meta");
    std::string canonical;
    append_canonical(canonical, resource);
    digest.update(canonical + "\n");
  }
  return to_hex(digest.finish());
}

Signed sign_report(record::Writer& writer, const trust::Principal& principal, const SignRequest& request) {
  const bool is_person = principal.role != trust::Role::system && principal.role != trust::Role::device;
  if (!is_person || !trust::role_may(principal.role, trust::Act::sign, "DiagnosticReport"))
    throw Error(ErrorCode::forbidden,
                "A " + std::string(trust::role_name(principal.role)) + " does not sign reports",
                "DiagnosticReport/" + request.report_id, "Ask a specialist for an opinion");
  const std::string at = format_instant(now());
  std::vector<Json> resources{signed_report(writer, principal, request, at)};
  for (const std::string& id : request.accepted) resources.push_back(finalized(writer, "Observation/" + id));
  Json entities = close_drafts(writer, principal, request);
  if (request.recordings)
    for (const std::string& uid : *request.recordings) entities.push_back(source_entity(uid));
  Signed result;
  result.hash = content_hash(resources);
  result.version = writer.update(resources.front(), request.version).number;
  Json targets = Json::array({reference("DiagnosticReport/" + request.report_id)});
  for (std::size_t i = 1; i < resources.size(); ++i) {
    writer.update(resources[i]);
    targets.push_back(reference("Observation/" + request.accepted[i - 1]));
  }
  Json provenance = Json::object(
      {{"resourceType", "Provenance"},
       {"id", signature_id(request.report_id)},
       {"target", std::move(targets)},
       {"recorded", at},
       {"agent",
        Json::array({Json::object({{"type", concept_of(kParticipant, "legal", "Legal Authenticator")},
                                   {"who", reference(principal.fhir_user, principal.display)}})})},
       {"signature", Json::array({signature(principal, result.hash, at)})}});
  if (!entities.empty()) provenance["entity"] = std::move(entities);
  if (request.recordings)
    add_extension(provenance, kRecordingsSaid, "valueInteger",
                  static_cast<std::int64_t>(request.recordings->size()));
  result.provenance = writer.update(provenance).reference();
  return result;
}

std::string signature_id(const std::string& report_id) {
  return stable_id({"signature", report_id});
}

std::optional<std::vector<std::string>> signed_recordings(const Json& provenance) {
  std::vector<std::string> uids;
  if (const Json* entities = provenance.find("entity"))
    for (const Json& entity : entities->items()) {
      const std::string value = entity.text("what.identifier.value");
      if (entity.text("role") == "source" && value.starts_with(kUidPrefix))
        uids.push_back(value.substr(kUidPrefix.size()));
    }
  const bool said = !uids.empty() || extension_value(provenance, kRecordingsSaid, "valueInteger");
  return said ? std::optional(std::move(uids)) : std::nullopt;
}

bool is_signature_of(const Json& provenance, const std::vector<Json>& resources) {
  return provenance.text("signature.data") == to_base64(from_hex(content_hash(resources)));
}

}  // namespace meridian::engine
