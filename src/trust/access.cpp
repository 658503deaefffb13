#include "trust/access.h"

#include <algorithm>
#include <array>

#include "base/error.h"

namespace meridian::trust {
namespace {

using TypeList = std::span<const std::string_view>;

// Who and what a region consists of: everyone reads it, administrators keep it.
constexpr std::array<std::string_view, 13> kDirectory{
    "Device",           "DeviceDefinition", "Endpoint",     "HealthcareService",       "InsurancePlan",
    "Location",         "Medication",       "Organization", "OrganizationAffiliation", "Practitioner",
    "PractitionerRole", "Schedule",         "Slot"};

// What defines FHIR itself and the knowledge built on it.
constexpr std::array<std::string_view, 24> kDefinitions{"ActivityDefinition",
                                                        "CapabilityStatement",
                                                        "ChargeItemDefinition",
                                                        "CodeSystem",
                                                        "CompartmentDefinition",
                                                        "ConceptMap",
                                                        "EventDefinition",
                                                        "ExampleScenario",
                                                        "GraphDefinition",
                                                        "ImplementationGuide",
                                                        "Library",
                                                        "Measure",
                                                        "MessageDefinition",
                                                        "NamingSystem",
                                                        "ObservationDefinition",
                                                        "OperationDefinition",
                                                        "PlanDefinition",
                                                        "Questionnaire",
                                                        "SearchParameter",
                                                        "SpecimenDefinition",
                                                        "StructureDefinition",
                                                        "StructureMap",
                                                        "TerminologyCapabilities",
                                                        "ValueSet"};

// What only the program writes, and nobody takes away.
constexpr std::array<std::string_view, 1> kAudit{"AuditEvent"};

// What a resident adds to their own record.
constexpr std::array<std::string_view, 4> kOfResidents{"Appointment", "Communication", "Consent",
                                                       "QuestionnaireResponse"};

// What an instrument sends, and the case it opens by that.
constexpr std::array<std::string_view, 11> kOfDevices{
    "Binary", "DiagnosticReport", "DocumentReference", "Encounter",  "Endpoint", "ImagingStudy",
    "Media",  "Observation",      "Patient",           "Provenance", "Specimen"};

bool among(TypeList list, std::string_view type) {
  return std::find(list.begin(), list.end(), type) != list.end();
}

bool is_clinical(std::string_view type) {
  return !type.empty() && !is_reference_data(type) && !among(kAudit, type);
}

bool resident_may(Act act, std::string_view type) {
  if (act == Act::read) return is_clinical(type) || is_reference_data(type);
  return act == Act::write && among(kOfResidents, type);
}

bool clinician_may(Act act, std::string_view type) {
  switch (act) {
    case Act::read:
      return is_clinical(type) || is_reference_data(type);
    case Act::write:
      return is_clinical(type);
    case Act::remove:
      return is_clinical(type) && type != "Provenance";
    case Act::sign:
    case Act::request_opinion:
      return true;
    case Act::administer:
    case Act::audit:
      break;
  }
  return false;
}

// Specialists answer for what assistants do in their field, and may switch them (an assistant is a Device).
bool specialist_may(Act act, std::string_view type) {
  return clinician_may(act, type) || (act == Act::administer && type == "Device");
}

bool auditor_may(Act act, std::string_view type) {
  if (act == Act::read) return is_reference_data(type) || among(kAudit, type);
  return act == Act::audit;
}

bool administrator_may(Act act, std::string_view type) {
  if (act == Act::administer) return true;
  return (act == Act::read || act == Act::write || act == Act::remove) && is_reference_data(type);
}

bool device_may(Act act, std::string_view type) {
  if (act == Act::read) return among(kOfDevices, type) || is_reference_data(type);
  return act == Act::write && among(kOfDevices, type);
}

std::string_view verb(Act act) {
  switch (act) {
    case Act::read:
      return "read";
    case Act::write:
      return "write";
    case Act::remove:
      return "remove";
    case Act::sign:
      return "sign";
    case Act::request_opinion:
      return "ask for an opinion with";
    case Act::administer:
      return "administer";
    case Act::audit:
      return "audit";
  }
  return "use";
}

// A query that looks at one patient of an organization has them joined in this order by CROSS JOIN: SQLite
// would begin with all patients of the organization.
constexpr std::array<storage::Migration, 2> kMigrations{{{"access", 1, R"(
  CREATE TABLE patient_access (
    patient TEXT NOT NULL,
    organization TEXT NOT NULL,
    reason TEXT NOT NULL,
    PRIMARY KEY (patient, organization, reason)
  );
)"},
                                                         {"access", 2, R"(
  CREATE INDEX patient_access_of_organization ON patient_access (organization, patient);
)"}}};

}  // namespace

bool is_reference_data(std::string_view type) {
  return among(kDirectory, type) || among(kDefinitions, type);
}

std::span<const storage::Migration> access_migrations() {
  return kMigrations;
}

bool role_may(Role role, Act act, std::string_view resource_type) {
  switch (role) {
    case Role::resident:
      return resident_may(act, resource_type);
    case Role::clinician:
      return clinician_may(act, resource_type);
    case Role::specialist:
      return specialist_may(act, resource_type);
    case Role::auditor:
      return auditor_may(act, resource_type);
    case Role::administrator:
      return administrator_may(act, resource_type);
    case Role::device:
      return device_may(act, resource_type);
    case Role::system:
      return true;
  }
  return false;
}

void grant_access(storage::Transaction& transaction, const std::string& patient,
                  const std::string& organization, const std::string& reason) {
  transaction.send(
      "INSERT INTO patient_access (patient, organization, reason) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
      {std::string_view(patient), std::string_view(organization), std::string_view(reason)});
}

void withdraw_access(storage::Transaction& transaction, const std::string& patient,
                     const std::string& organization, const std::string& reason) {
  transaction.execute("DELETE FROM patient_access WHERE patient = ? AND organization = ? AND reason = ?",
                      {std::string_view(patient), std::string_view(organization), std::string_view(reason)});
}

bool sees_all_patients(const Principal& principal) {
  return principal.role == Role::system;
}

std::vector<std::string> organizations_granted(storage::Connection& connection, const std::string& patient,
                                               const std::string& reason) {
  std::vector<std::string> organizations;
  connection.query("SELECT organization FROM patient_access WHERE patient = ? AND reason = ?",
                   {std::string_view(patient), std::string_view(reason)},
                   [&](const storage::Row& row) { organizations.emplace_back(row.text(0)); });
  return organizations;
}

bool may_see(storage::Connection& connection, const Principal& principal, const std::string& patient) {
  switch (principal.role) {
    case Role::system:
      return true;
    case Role::resident:
      return !patient.empty() && principal.fhir_user == patient;
    case Role::auditor:
    case Role::administrator:
      return false;
    case Role::clinician:
    case Role::specialist:
    case Role::device:
      break;
  }
  if (principal.organization.empty()) return false;
  return connection.query_first("SELECT 1 FROM patient_access WHERE patient = ? AND organization = ?",
                                {std::string_view(patient), std::string_view(principal.organization)},
                                [](const storage::Row&) {});
}

void require(storage::Connection& connection, const Principal& principal, Act act,
             std::string_view resource_type, const std::string& patient) {
  const std::string what = resource_type.empty() ? "this node" : std::string(resource_type);
  if (!role_may(principal.role, act, resource_type))
    throw Error(ErrorCode::forbidden,
                "The role " + std::string(role_name(principal.role)) + " may not " + std::string(verb(act)) +
                    " " + what,
                {}, "Ask an administrator which role this work needs");
  if (!patient.empty() && !may_see(connection, principal, patient))
    throw Error(ErrorCode::forbidden, "This patient is not in the care of your organization", patient,
                "The organization that manages the patient can ask yours for its opinion");
}

}  // namespace meridian::trust
