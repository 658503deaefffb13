#include "trust/access.h"

#include "trust/trust_fixture.h"

namespace meridian::trust {
namespace {

class AccessTest : public TrustFixture {
 protected:
  void grant(const std::string& patient, const std::string& organization, const std::string& reason) {
    database_->write([&](storage::Transaction& t) { grant_access(t, patient, organization, reason); });
  }
  void withdraw(const std::string& patient, const std::string& organization, const std::string& reason) {
    database_->write([&](storage::Transaction& t) { withdraw_access(t, patient, organization, reason); });
  }
  bool sees(const Principal& principal, const std::string& patient = "Patient/1") {
    return database_->read([&](storage::Connection& c) { return may_see(c, principal, patient); });
  }
  std::optional<ErrorCode> require_code(const Principal& principal, Act act, std::string_view type,
                                        const std::string& patient) {
    return code_of(
        [&] { database_->read([&](storage::Connection& c) { require(c, principal, act, type, patient); }); });
  }
};

TEST_F(AccessTest, OrganizationsSeeThePatientsInTheirCare) {
  EXPECT_FALSE(sees(clinician()));
  grant("Patient/1", "Organization/east", "managing");
  EXPECT_TRUE(sees(clinician()));
  EXPECT_FALSE(sees(clinician(), "Patient/2"));
  EXPECT_FALSE(sees(clinician("Organization/west")));
  EXPECT_FALSE(sees(clinician("")));
}

TEST_F(AccessTest, EachReasonStandsForItself) {
  grant("Patient/1", "Organization/east", "managing");
  grant("Patient/1", "Organization/east", "consultation");
  grant("Patient/1", "Organization/east", "consultation");
  withdraw("Patient/1", "Organization/east", "managing");
  EXPECT_TRUE(sees(clinician()));
  withdraw("Patient/1", "Organization/east", "consultation");
  EXPECT_FALSE(sees(clinician()));
}

TEST_F(AccessTest, OthersSeeTheirOwnOrNone) {
  grant("Patient/1", "Organization/east", "managing");
  const Principal resident{"r1", "Li", Role::resident, "Patient/1", ""};
  EXPECT_TRUE(sees(resident));
  EXPECT_FALSE(sees(resident, "Patient/2"));
  EXPECT_FALSE(sees({"r2", "Nobody", Role::resident, "", ""}, ""));
  EXPECT_FALSE(sees({"a", "Auditor", Role::auditor, "", "Organization/east"}));
  EXPECT_FALSE(sees({"b", "Administrator", Role::administrator, "", "Organization/east"}));
  EXPECT_TRUE(sees(Principal::system()));
  EXPECT_TRUE(sees_all_patients(Principal::system()));
  EXPECT_FALSE(sees_all_patients(clinician()));
}

struct Rule {
  Role role;
  Act act;
  std::string_view type;
  bool allowed;
};

TEST_F(AccessTest, RolesMayWhatTheirWorkNeeds) {
  const Rule rules[] = {
      {Role::clinician, Act::read, "Observation", true},
      {Role::clinician, Act::write, "Task", true},
      {Role::clinician, Act::write, "Organization", false},
      {Role::clinician, Act::read, "Organization", true},
      {Role::clinician, Act::write, "StructureDefinition", false},
      {Role::clinician, Act::remove, "Provenance", false},
      {Role::clinician, Act::read, "AuditEvent", false},
      {Role::clinician, Act::audit, "", false},
      {Role::clinician, Act::administer, "Device", false},
      {Role::clinician, Act::request_opinion, "", true},
      {Role::specialist, Act::sign, "DiagnosticReport", true},
      {Role::specialist, Act::administer, "Device", true},
      {Role::specialist, Act::administer, "", false},
      {Role::auditor, Act::read, "Patient", false},
      {Role::auditor, Act::audit, "", true},
      {Role::auditor, Act::write, "AuditEvent", false},
      {Role::administrator, Act::read, "Patient", false},
      {Role::administrator, Act::write, "Practitioner", true},
      {Role::administrator, Act::audit, "", false},
      {Role::administrator, Act::sign, "DiagnosticReport", false},
      {Role::resident, Act::read, "DiagnosticReport", true},
      {Role::resident, Act::write, "Observation", false},
      {Role::resident, Act::write, "Consent", true},
      {Role::resident, Act::remove, "Consent", false},
      {Role::device, Act::write, "ImagingStudy", true},
      {Role::device, Act::write, "MedicationRequest", false},
      {Role::device, Act::sign, "DiagnosticReport", false},
      {Role::system, Act::administer, "", true},
      {Role::clinician, Act::read, "", false},
  };
  for (const Rule& rule : rules)
    EXPECT_EQ(role_may(rule.role, rule.act, rule.type), rule.allowed)
        << role_name(rule.role) << " " << static_cast<int>(rule.act) << " " << rule.type;
}

TEST_F(AccessTest, RequireAsksBoth) {
  EXPECT_EQ(require_code(clinician(), Act::read, "Observation", "Patient/1"), ErrorCode::forbidden);
  grant("Patient/1", "Organization/east", "managing");
  EXPECT_EQ(require_code(clinician(), Act::read, "Observation", "Patient/1"), std::nullopt);
  EXPECT_EQ(require_code(clinician(), Act::write, "Organization", ""), ErrorCode::forbidden);
  EXPECT_EQ(require_code(clinician(), Act::read, "Organization", ""), std::nullopt);
}

TEST(Principal, RolesHaveNamesBothWays) {
  for (const Role role : {Role::resident, Role::clinician, Role::specialist, Role::auditor,
                          Role::administrator, Role::device, Role::system})
    EXPECT_EQ(role_of(role_name(role)), role);
  EXPECT_EQ(code_of([] { role_of("root"); }), ErrorCode::invalid_value);
}

}  // namespace
}  // namespace meridian::trust
