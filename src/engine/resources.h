// Pieces of FHIR resources that drafts, signatures and cases are made of, and the project's own code systems.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "base/id.h"
#include "base/json.h"
#include "engine/card.h"
#include "record/record.h"

namespace meridian::engine {

// Code systems and extensions of this project. What HL7, LOINC, SNOMED CT or DICOM have a code for uses
// theirs.
inline constexpr std::string_view kReportKind =
    "urn:meridian:report-kind";                                          // assistant-draft, clinical-report
inline constexpr std::string_view kTaskKind = "urn:meridian:task-kind";  // assistant-run, consultation
inline constexpr std::string_view kRunOutcome =
    "urn:meridian:run-outcome";  // refused, withheld, off, unavailable, failed
inline constexpr std::string_view kRefusal = "urn:meridian:refusal";      // Refusal::reason
inline constexpr std::string_view kComponent = "urn:meridian:component";  // probability, threshold
inline constexpr std::string_view kAssistant = "urn:meridian:assistant";  // of a Device: assistant|version
inline constexpr std::string_view kRunIdentifier = "urn:meridian:run";    // assistant|version|input
inline constexpr std::string_view kRejectionReason = "urn:meridian:rejection-reason";
inline constexpr std::string_view kRejectedBy = "urn:meridian:rejected-by";
inline constexpr std::string_view kChanges = "urn:meridian:changes-against-draft";
inline constexpr std::string_view kTranslation = "http://hl7.org/fhir/StructureDefinition/translation";
inline constexpr std::string_view kDicomUid = "urn:dicom:uid";

Json text_or_null(const std::string& text);  // null: it is empty
Json reference(const std::string& to, const std::string& display = {});
// "Patient/1" of whatever address it is at, and of whatever version.
std::string local_reference(std::string reference);
Json coding(std::string_view system, std::string_view code, std::string_view display = {});
Json concept_of(std::string_view system, std::string_view code, std::string_view display = {});
// Sets the member to the English text and its primitive's extension to the Chinese, as FHIR translates.
void set_localized(Json& element, const std::string& member, const LocalizedText& text);
// The inverse; the English text stands for a translation that is missing.
LocalizedText localized(const Json& element, const std::string& member);
// The value of the resource's extension of that URL, or nullptr.
const Json* extension_value(const Json& resource, std::string_view url, std::string_view value_member);
void add_extension(Json& resource, std::string_view url, std::string_view value_member, Json value);
// Whether any coding of the concept, or of any concept in the array, is this one.
bool has_coding(const Json& concepts, std::string_view system, std::string_view code);

// Labels what only those who treat the patient may see until somebody has signed it
// (record/store/belonging.h); the label goes with the signature.
void keep_from_patient(Json& resource);
void release_to_patient(Json& resource);

// The resource as the writer sees it now, or nothing when there is none or it was deleted.
std::optional<Json> read_if_any(record::Writer& writer, const std::string& reference);

}  // namespace meridian::engine
