#include "engine/consent.h"

#include <gtest/gtest.h>

namespace meridian::engine {
namespace {

Json consent(const std::string& provision, const std::string& date_time = "2026-01-01",
             const std::string& more = R"("scope": {"coding": [{"system":
                 "http://terminology.hl7.org/CodeSystem/consentscope", "code": "patient-privacy"}]})") {
  return Json::parse(R"({"resourceType": "Consent", "status": "active", "dateTime": ")" + date_time + "\", " +
                     more + R"(, "provision": )" + provision + "}");
}

const Instant kAt = parse_instant("2026-06-15T12:00:00Z");
const ConsentQuestion kByReader{{"Device/reader"}, kUse};
const ConsentQuestion kByHospital{{"Organization/hospital"}, kDisclose};

std::string action(std::string_view code) {
  return R"("action": [{"coding": [{"system": "http://terminology.hl7.org/CodeSystem/consentaction", "code": ")" +
         std::string(code) + R"("}]}])";
}

std::string actor(const std::string& reference) {
  return R"("actor": [{"role": {"text": "of"}, "reference": {"reference": ")" + reference + R"("}}])";
}

TEST(Consent, IsNotAskedWithoutOne) {
  EXPECT_EQ(consent_of({}, kByReader, kAt), ConsentState::not_asked);
  EXPECT_EQ(consent_of({consent("{}")}, kByReader, kAt), ConsentState::not_asked);
}

TEST(Consent, IsAboutAllWhomItDoesNotName) {
  for (const ConsentQuestion& question : {kByReader, kByHospital}) {
    EXPECT_EQ(consent_of({consent(R"({"type": "permit"})")}, question, kAt), ConsentState::granted);
    EXPECT_EQ(consent_of({consent(R"({"type": "deny"})")}, question, kAt), ConsentState::withheld);
  }
}

TEST(Consent, IsAboutWhomAndWhatItNames) {
  const Json no_use = consent(R"({"type": "deny", )" + action("use") + "}");
  EXPECT_EQ(consent_of({no_use}, kByReader, kAt), ConsentState::withheld);
  EXPECT_EQ(consent_of({no_use}, kByHospital, kAt), ConsentState::not_asked);
  const Json not_them = consent(R"({"type": "deny", )" + actor("Organization/hospital") + "}");
  EXPECT_EQ(consent_of({not_them}, kByHospital, kAt), ConsentState::withheld);
  EXPECT_EQ(consent_of({not_them}, {{"Organization/other"}, kDisclose}, kAt), ConsentState::not_asked);
  const Json payment = consent(R"({"type": "deny", "purpose": [{"system":
      "http://terminology.hl7.org/CodeSystem/v3-ActReason", "code": "HPAYMT"}]})");
  EXPECT_EQ(consent_of({payment}, kByReader, kAt), ConsentState::not_asked);
}

TEST(Consent, RefusesUseAndDisclosureWhereItRefusesAccess) {
  const Json no_access = consent(R"({"type": "deny", )" + action("access") + "}");
  EXPECT_EQ(consent_of({no_access}, kByReader, kAt), ConsentState::withheld);
  EXPECT_EQ(consent_of({no_access}, kByHospital, kAt), ConsentState::withheld);
}

TEST(Consent, NamesThoseOfWhateverAddressAndVersion) {
  for (const char* reference :
       {"https://node.example/fhir/Organization/hospital", "Organization/hospital/_history/3"})
    EXPECT_EQ(consent_of({consent(R"({"type": "deny", )" + actor(reference) + "}")}, kByHospital, kAt),
              ConsentState::withheld)
        << reference;
}

TEST(Consent, HasExceptionsOfWhichARefusalDecides) {
  const std::string permit = R"({"type": "permit", )" + actor("Organization/hospital") + "}";
  const std::string deny = R"({"type": "deny", )" + actor("Organization/hospital") + "}";
  EXPECT_EQ(consent_of({consent(R"({"type": "deny", "provision": [)" + permit + "]}")}, kByHospital, kAt),
            ConsentState::granted);
  EXPECT_EQ(consent_of({consent(R"({"type": "deny", "provision": [)" + permit + "]}")}, kByReader, kAt),
            ConsentState::withheld);
  for (const std::string& both : {permit + "," + deny, deny + "," + permit})
    for (const char* root : {"deny", "permit"})
      EXPECT_EQ(
          consent_of({consent(R"({"type": ")" + std::string(root) + R"(", "provision": [)" + both + "]}")},
                     kByHospital, kAt),
          ConsentState::withheld)
          << root << both;
}

TEST(Consent, HoldsInItsPeriodToItsLastDay) {
  const auto in = [](const std::string& period) {
    return consent_of({consent(R"({"type": "deny", "period": )" + period + "}")}, kByReader, kAt);
  };
  EXPECT_EQ(in(R"({"start": "2026", "end": "2026"})"), ConsentState::withheld);
  EXPECT_EQ(in(R"({"end": "2026-06-15"})"), ConsentState::withheld);
  EXPECT_EQ(in(R"({"end": "2026-06-14"})"), ConsentState::not_asked);
  EXPECT_EQ(in(R"({"start": "2026-06-16"})"), ConsentState::not_asked);
  EXPECT_EQ(in(R"({"end": "2026-06-15T13:30:00+02:00"})"), ConsentState::not_asked);
}

TEST(Consent, IsTheNewestThatSaysSomething) {
  const Json yes = consent(R"({"type": "permit"})", "2026-03-01"),
             no = consent(R"({"type": "deny"})", "2026-02");
  EXPECT_EQ(consent_of({yes, no}, kByReader, kAt), ConsentState::granted);
  EXPECT_EQ(consent_of({no, yes}, kByReader, kAt), ConsentState::granted);
  const Json later = consent(R"({"type": "deny", )" + action("disclose") + "}", "2026-04");
  EXPECT_EQ(consent_of({yes, later}, kByReader, kAt), ConsentState::granted);
  EXPECT_EQ(consent_of({yes, later}, kByHospital, kAt), ConsentState::withheld);
  const Json same_day = consent(R"({"type": "deny"})", "2026-03-01");
  EXPECT_EQ(consent_of({yes, same_day}, kByReader, kAt), ConsentState::withheld);
  EXPECT_EQ(consent_of({same_day, yes}, kByReader, kAt), ConsentState::withheld);
}

TEST(Consent, OfAPartWithholdsTheWholeAndPermitsNothing) {
  const std::string part =
      R"("class": [{"system": "http://hl7.org/fhir/resource-types", "code": "Observation"}])";
  EXPECT_EQ(consent_of({consent(R"({"type": "deny", )" + part + "}")}, kByReader, kAt),
            ConsentState::withheld);
  EXPECT_EQ(consent_of({consent(R"({"type": "permit", )" + part + "}")}, kByReader, kAt),
            ConsentState::not_asked);
}

TEST(Consent, OfAPartHasExceptionsOfThatPartOnly) {
  const std::string part =
      R"("class": [{"system": "http://hl7.org/fhir/resource-types", "code": "Observation"}])";
  const Json newer = consent(R"({"type": "deny", )" + part + R"(, "provision": [{"type": "permit", )" +
                                 actor("Organization/hospital") + "}]}",
                             "2026-03");
  EXPECT_EQ(consent_of({consent(R"({"type": "deny"})", "2026-01"), newer}, kByHospital, kAt),
            ConsentState::withheld);
}

TEST(Consent, StartsFromItsPolicyAndCountsOnlyWhenItIsActiveAndOfCare) {
  const std::string scope = R"("scope": {"coding": [{"system":
      "http://terminology.hl7.org/CodeSystem/consentscope", "code": "treatment"}]})";
  const std::string opt_out = scope + R"(, "policyRule": {"coding": [{"system":
      "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": "OPTOUT"}]})";
  EXPECT_EQ(consent_of({consent("{}", "2026", opt_out)}, kByReader, kAt), ConsentState::withheld);
  Json draft = consent(R"({"type": "deny"})");
  draft["status"] = "proposed";
  EXPECT_EQ(consent_of({draft}, kByReader, kAt), ConsentState::not_asked);
  const std::string research = R"("scope": {"coding": [{"system":
      "http://terminology.hl7.org/CodeSystem/consentscope", "code": "research"}]})";
  EXPECT_EQ(consent_of({consent(R"({"type": "deny"})", "2026", research)}, kByReader, kAt),
            ConsentState::not_asked);
}

TEST(Consent, DoesNotFailOnWhatIsOfAnotherShape) {
  for (const char* provision : {R"("deny")", R"({"type": 7, "actor": "x", "action": {}, "period": "2026"})",
                                R"({"type": "permit", "provision": {"type": "deny"}, "purpose": [7]})"})
    EXPECT_NE(consent_of({consent(provision)}, kByReader, kAt), ConsentState::withheld) << provision;
}

}  // namespace
}  // namespace meridian::engine
