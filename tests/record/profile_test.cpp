// Validation against profiles: slices, fixed values, patterns, bindings, rules.
#include <gmock/gmock.h>

#include <filesystem>

#include "base/project_folder.h"
#include "record/profiles/profile_validator.h"
#include "record/store_fixture.h"
#include "record/terminology/packages.h"

namespace meridian::record {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// A source that has one profile of its own, and FHIR's.
class OneProfile : public DefinedCanonicals {
 public:
  explicit OneProfile(Json profile) : profile_(std::make_shared<const Json>(std::move(profile))) {}
  std::shared_ptr<const Json> find(std::string_view type, std::string_view canonical) const override {
    return canonical == "urn:profile" ? profile_ : DefinedCanonicals::find(type, canonical);
  }

 private:
  std::shared_ptr<const Json> profile_;
};

Json profile_of(const std::string& type, const std::string& elements) {
  return Json::parse(
      R"({"resourceType":"StructureDefinition","url":"urn:profile","name":"P","status":"active",
      "kind":"resource","abstract":false,"type":")" +
      type + R"(","derivation":"constraint","baseDefinition":"http://hl7.org/fhir/StructureDefinition/)" +
      type + R"(","snapshot":{"element":[{"id":")" + type + R"(","path":")" + type +
      R"(","min":0,"max":"*"})" + (elements.empty() ? "" : ",") + elements + "]}}");
}

// "expression: text" of each error.
std::vector<std::string> errors(const Json& profile, const std::string& resource) {
  const OneProfile source(profile);
  std::vector<std::string> errors;
  for (const Issue& issue : validate(Json::parse(resource), source, {"urn:profile"}))
    if (issue.severity <= Issue::Severity::error) errors.push_back(issue.expression + ": " + issue.text);
  return errors;
}

std::string observation(const std::string& members) {
  return R"({"resourceType":"Observation","status":"final","code":{"coding":[{"system":"urn:c","code":"x"}]})" +
         (members.empty() ? std::string() : "," + members) + "}";
}

TEST(Profile, Cardinalities) {
  const Json profile = profile_of("Observation", R"({"id":"Observation.subject","path":"Observation.subject",
      "min":1,"max":"1","type":[{"code":"Reference"}],"mustSupport":true},
      {"id":"Observation.note","path":"Observation.note","min":0,"max":"0"})");
  EXPECT_THAT(errors(profile, observation("")),
              Contains("Observation.subject: The element subject is missing"));
  EXPECT_THAT(errors(profile, observation(R"("subject":{"reference":"Patient/1"})")), IsEmpty());
  EXPECT_THAT(errors(profile, observation(R"("subject":{"reference":"Patient/1"},"note":[{"text":"n"}])")),
              Contains(HasSubstr("note is not allowed")));
}

TEST(Profile, FixedValuesAndPatterns) {
  const Json profile = profile_of("Observation", R"({"id":"Observation.status","path":"Observation.status",
      "min":1,"max":"1","fixedCode":"final"},{"id":"Observation.code","path":"Observation.code","min":1,"max":"1",
      "patternCodeableConcept":{"coding":[{"system":"urn:c"}]}})");
  EXPECT_THAT(errors(profile, observation("")), IsEmpty());
  EXPECT_THAT(errors(profile, R"({"resourceType":"Observation","status":"amended","code":{"coding":[
      {"code":"y","system":"urn:d"}]}})"),
              ::testing::UnorderedElementsAre("Observation.status: This must be \"final\"",
                                              HasSubstr("Observation.code: This must have")));
}

TEST(Profile, LeastAndGreatestValues) {
  const auto limited = [](const std::string& limits, const std::string& members) {
    return errors(profile_of("Observation", R"({"id":"Observation.value[x]","path":"Observation.value[x]",
        "min":0,"max":"1",)" + limits + R"(,"type":[{"code":"integer"},{"code":"Quantity"}]},
        {"id":"Observation.issued","path":"Observation.issued","min":0,"max":"1","type":[{"code":"instant"}],
         "minValueDateTime":"2020-01-01T00:00:00Z","maxValueQuantity":{"value":2,"code":"d",
         "system":"http://unitsofmeasure.org"}})"),
                  observation(members));
  };
  const std::string integers = R"("minValueInteger":3,"maxValueInteger":5)";
  EXPECT_THAT(limited(integers, R"("valueInteger":3)"), IsEmpty()) << "the limits are within";
  EXPECT_THAT(limited(integers, R"("valueInteger":5)"), IsEmpty());
  EXPECT_THAT(limited(integers, R"("valueInteger":2)"), Contains(HasSubstr("This must be at least 3")));
  EXPECT_THAT(limited(integers, R"("valueInteger":6)"), Contains(HasSubstr("This may be at most 5")));
  const std::string ucum = R"(,"system":"http://unitsofmeasure.org"})";
  const std::string gram = R"("minValueQuantity":{"value":1,"code":"g")" + ucum;
  EXPECT_THAT(limited(gram, R"("valueQuantity":{"value":1000,"code":"mg")" + ucum), IsEmpty());
  EXPECT_THAT(limited(gram, R"("valueQuantity":{"value":999,"code":"mg")" + ucum),
              Contains(HasSubstr("at least")));
  EXPECT_THAT(limited(gram, R"("valueInteger":0)"), IsEmpty()) << "which does not compare";
  EXPECT_THAT(limited(integers, R"("issued":"2019-12-31T23:59:59Z")"), Contains(HasSubstr("at least")));
  EXPECT_THAT(limited(integers, R"("issued":"2020-01-01T00:00:00Z")"), IsEmpty());
  EXPECT_THAT(limited(integers, R"("issued":"9999-01-01T00:00:00Z")"), Contains(HasSubstr("at most")))
      << "two days from now";
}

TEST(Profile, TypesAndTargets) {
  const Json profile = profile_of("Observation", R"({"id":"Observation.subject","path":"Observation.subject",
      "min":0,"max":"1","type":[{"code":"Reference",
      "targetProfile":["http://hl7.org/fhir/StructureDefinition/Patient"]}]},
      {"id":"Observation.value[x]","path":"Observation.value[x]","min":0,"max":"1","type":[{"code":"Quantity"}]})");
  EXPECT_THAT(
      errors(profile, observation(R"("subject":{"reference":"Patient/1"},"valueQuantity":{"value":1})")),
      IsEmpty());
  EXPECT_THAT(errors(profile, observation(R"("subject":{"reference":"Group/1"})")),
              Contains(HasSubstr("Observation.subject: A reference to a Group")));
  EXPECT_THAT(errors(profile, observation(R"("valueString":"x")")),
              Contains(HasSubstr("A string is not allowed here, only Quantity")));
}

TEST(Profile, RequiredBindings) {
  const Json profile = profile_of("Patient", R"({"id":"Patient.maritalStatus","path":"Patient.maritalStatus",
      "min":0,"max":"1","type":[{"code":"CodeableConcept"}],
      "binding":{"strength":"required","valueSet":"http://hl7.org/fhir/ValueSet/marital-status"}})");
  const auto patient = [](const std::string& status) {
    return R"({"resourceType":"Patient","maritalStatus":)" + status + "}";
  };
  const std::string system = R"("system":"http://terminology.hl7.org/CodeSystem/v3-MaritalStatus")";
  EXPECT_THAT(errors(profile, patient(R"({"coding":[{)" + system + R"(,"code":"M"}]})")), IsEmpty());
  EXPECT_THAT(errors(profile, patient(R"({"coding":[{)" + system + R"(,"code":"XX"}]})")),
              Contains(HasSubstr("is not in")));
  EXPECT_THAT(errors(profile, patient(R"({"text":"married"})")), Contains(HasSubstr("A text alone")));
}

TEST(Profile, Rules) {
  const Json profile = profile_of("Patient", R"x({"id":"Patient.name","path":"Patient.name","min":0,"max":"*",
      "constraint":[{"key":"my-1","severity":"error","human":"A family name is needed",
                     "expression":"family.exists()","source":"urn:profile"}]})x");
  EXPECT_THAT(errors(profile, R"({"resourceType":"Patient","name":[{"family":"A"},{"text":"B"}]})"),
              ::testing::ElementsAre("Patient.name[1]: A family name is needed (my-1)"));
}

// Errors of an Observation that must be as the expression says.
std::vector<std::string> broken(const std::string& expression, const std::string& members) {
  return errors(profile_of("Observation", R"({"id":"Observation.status","path":"Observation.status","min":0,
      "max":"1"},{"id":"Observation.component","path":"Observation.component","min":0,"max":"*",
      "slicing":{"discriminator":[{"type":"value","path":"code"}],"rules":"open"}},
      {"id":"Observation.component:one","path":"Observation.component","sliceName":"one","min":0,"max":"1"},
      {"id":"Observation.component:one.code","path":"Observation.component.code","min":1,"max":"1",
       "patternCodeableConcept":{"coding":[{"system":"urn:c","code":"one"}]}},
      {"id":"Observation.code","path":"Observation.code","min":0,"max":"1","constraint":[{"key":"my-1",
       "severity":"error","human":"not so","expression":")" +
                                              expression + R"(","source":"urn:profile"}]})"),
                observation(members));
}

TEST(Profile, RulesThatWouldNeverEndAreStopped) {
  const std::string component = R"("component":[{"code":{"coding":[{"system":"urn:c","code":"one"}]}}])";
  const Json asks_itself = profile_of(
      "Observation", R"x({"id":"Observation.component","path":"Observation.component","min":0,"max":"*",
      "slicing":{"discriminator":[{"type":"value","path":"$this.slice('urn:profile', 'one')"}],"rules":"open"}},
      {"id":"Observation.component:one","path":"Observation.component","sliceName":"one","min":0,"max":"1"})x");
  EXPECT_EQ(code_of([&] { errors(asks_itself, observation(component)); }), ErrorCode::too_large);
  // Each of those contained conforms when all others do: to be tried in every order.
  const Json asks_all =
      profile_of("Observation", R"x({"id":"Observation.code","path":"Observation.code","min":0,
      "max":"1","constraint":[{"key":"my-1","severity":"error","human":"not so","expression":
      "%rootResource.descendants().isDistinct() or %rootResource.contained.all(conformsTo('urn:profile'))",
      "source":"urn:profile"}]})x");
  std::string contained, members;
  for (int i = 0; i < 20; ++i) {
    const std::string id = "c" + std::to_string(i), comma = i == 0 ? "" : ",";
    contained +=
        comma + R"({"resourceType":"Observation","status":"final","code":{"text":"x"},"id":")" + id + "\"}";
    members += comma + R"({"reference":"#)" + id + "\"}";
  }
  EXPECT_EQ(code_of([&] {
              errors(asks_all,
                     observation(R"("contained":[)" + contained + R"(],"hasMember":[)" + members + "]"));
            }),
            ErrorCode::too_large);
}

TEST(Profile, RulesAskForSlicesDefinitionsAndSubsumption) {
  const std::string components = R"("component":[{"code":{"coding":[{"system":"urn:c","code":"one"}]}},
      {"code":{"coding":[{"system":"urn:c","code":"two"}]}}])";
  const auto holds = [&](const std::string& expression) { return broken(expression, components).empty(); };
  EXPECT_TRUE(holds("%resource.component.slice('urn:profile', 'one').count() = 1"));
  EXPECT_TRUE(holds("%resource.component.slice('urn:profile', 'three').empty()"));
  EXPECT_TRUE(holds("elementDefinition().path = 'Observation.code'"));
  EXPECT_TRUE(holds("coding.first().code.elementDefinition().path = 'Coding.code'"));
  EXPECT_TRUE(holds("%resource.component.first().code.elementDefinition().min = 1"));
  EXPECT_FALSE(holds("elementDefinition().empty()"));
  const auto compared = [&](const std::string& function, const std::string& a, const std::string& b) {
    const auto coding = [](const std::string& code) {
      return R"({"coding":[{"system":"http://terminology.hl7.org/CodeSystem/v3-RoleCode","code":")" + code +
             R"("}]})";
    };
    return broken("%resource.bodySite." + function + "(%resource.method)",
                  R"("bodySite":)" + coding(a) + R"(,"method":)" + coding(b))
        .empty();
  };
  EXPECT_TRUE(compared("subsumes", "FAMMEMB", "MTH")) << "a mother is of the family";
  EXPECT_FALSE(compared("subsumes", "MTH", "FAMMEMB"));
  EXPECT_TRUE(compared("subsumedBy", "MTH", "FAMMEMB"));
  EXPECT_TRUE(compared("subsumes", "MTH", "MTH"));
}

class Slices : public ::testing::Test {
 protected:
  // Observation.component sliced by the discriminator, with one slice "one" and what it says.
  static Json components(const std::string& discriminator, const std::string& slice,
                         const std::string& rules = "open") {
    return profile_of("Observation", R"({"id":"Observation.component","path":"Observation.component","min":0,
        "max":"*","slicing":{"discriminator":[)" +
                                         discriminator + R"(],"rules":")" + rules + R"("}},
        {"id":"Observation.component:one","path":"Observation.component","sliceName":"one","min":1,"max":"1"},)" +
                                         slice);
  }
  static std::string with(const std::string& list) { return observation(R"("component":[)" + list + "]"); }
  static std::string component(const std::string& code, const std::string& value = R"("valueString":"v")") {
    return R"({"code":{"coding":[{"system":"urn:c","code":")" + code + R"("}]},)" + value + "}";
  }
  static constexpr const char* kMissing = "Observation.component: The slice one is missing";
};

TEST_F(Slices, ByValue) {
  const Json profile =
      components(R"({"type":"value","path":"code"})",
                 R"({"id":"Observation.component:one.code","path":"Observation.component.code",
      "min":1,"max":"1","patternCodeableConcept":{"coding":[{"system":"urn:c","code":"one"}]}},
      {"id":"Observation.component:one.value[x]","path":"Observation.component.value[x]","min":1,"max":"1",
       "type":[{"code":"Quantity"}]})");
  EXPECT_THAT(errors(profile, with(component("two"))), Contains(kMissing));
  EXPECT_THAT(
      errors(profile, with(component("two") + "," + component("one", R"("valueQuantity":{"value":1})"))),
      IsEmpty());
  EXPECT_THAT(errors(profile, with(component("one"))),
              Contains(HasSubstr("Observation.component[0].value: A string is not allowed")));
  const std::string one = component("one", R"("valueQuantity":{"value":1})");
  EXPECT_THAT(errors(profile, with(one + "," + one)), Contains(HasSubstr("more than 1")));
}

TEST_F(Slices, ByValueOfWhatIsBelow) {
  const Json profile =
      components(R"({"type":"pattern","path":"code"})",
                 R"({"id":"Observation.component:one.code","path":"Observation.component.code",
      "min":1,"max":"1"},{"id":"Observation.component:one.code.coding","path":"Observation.component.code.coding",
      "min":1,"max":"*"},{"id":"Observation.component:one.code.coding.code",
      "path":"Observation.component.code.coding.code","min":1,"max":"1","fixedCode":"one"})",
                 "closed");
  EXPECT_THAT(errors(profile, with(component("one"))), IsEmpty());
  EXPECT_THAT(errors(profile, with(component("one") + "," + component("two"))),
              Contains("Observation.component[1]: This is none of the slices of component"));
}

TEST_F(Slices, ByExistence) {
  const Json profile = components(R"({"type":"exists","path":"dataAbsentReason"})",
                                  R"({"id":"Observation.component:one.dataAbsentReason",
      "path":"Observation.component.dataAbsentReason","min":1,"max":"1"})");
  EXPECT_THAT(errors(profile, with(component("x", R"("dataAbsentReason":{"text":"none"})"))), IsEmpty());
  EXPECT_THAT(errors(profile, with(component("x"))), Contains(kMissing));
}

TEST_F(Slices, ByType) {
  const Json profile = components(R"({"type":"type","path":"value"})",
                                  R"({"id":"Observation.component:one.value[x]",
      "path":"Observation.component.value[x]","min":0,"max":"1","type":[{"code":"Quantity"}]})");
  EXPECT_THAT(errors(profile, with(component("x", R"("valueQuantity":{"value":1})"))), IsEmpty());
  EXPECT_THAT(errors(profile, with(component("x"))), Contains(kMissing));
}

TEST_F(Slices, InOrder) {
  const std::string element = R"("path":"Observation.component.code","min":1,"max":"1")";
  const Json profile =
      profile_of("Observation", R"({"id":"Observation.component","path":"Observation.component",
      "min":0,"max":"*","slicing":{"discriminator":[{"type":"value","path":"code.coding.code"}],"rules":"openAtEnd",
      "ordered":true}},
      {"id":"Observation.component:a","path":"Observation.component","sliceName":"a","min":0,"max":"*"},
      {"id":"Observation.component:a.code.coding.code","path":"x"},
      {"id":"Observation.component:b","path":"Observation.component","sliceName":"b","min":0,"max":"*"})");
  EXPECT_EQ(code_of([&] { errors(profile, with(component("a"))); }), ErrorCode::invalid_structure)
      << "an element whose parent is missing";
  const auto slice = [&](const std::string& name) {
    const std::string id = "Observation.component:" + name;
    return R"({"id":")" + id + R"(","path":"Observation.component","sliceName":")" + name +
           R"(","min":0,"max":"*"},{"id":")" + id + R"(.code",)" + element +
           R"(,"patternCodeableConcept":{"coding":[{"code":")" + name + R"("}]}})";
  };
  const Json ordered =
      profile_of("Observation", R"({"id":"Observation.component","path":"Observation.component",
      "min":0,"max":"*","slicing":{"discriminator":[{"type":"value","path":"code"}],"rules":"openAtEnd",
      "ordered":true}},)" + slice("a") +
                                    "," + slice("b"));
  EXPECT_THAT(errors(ordered, with(component("a") + "," + component("b") + "," + component("c"))), IsEmpty());
  EXPECT_THAT(errors(ordered, with(component("b") + "," + component("a"))),
              Contains(HasSubstr("component[1]: The slice a comes too late")));
  EXPECT_THAT(errors(ordered, with(component("c") + "," + component("a"))),
              Contains(HasSubstr("The slice a comes after what is in no slice")));
}

TEST_F(Slices, ByProfileOfWhatIsReferredTo) {
  const Json profile = profile_of("List", R"x({"id":"List.entry","path":"List.entry","min":0,"max":"*",
      "slicing":{"discriminator":[{"type":"profile","path":"item.resolve()"}],"rules":"closed"}},
      {"id":"List.entry:pulse","path":"List.entry","sliceName":"pulse","min":1,"max":"1"},
      {"id":"List.entry:pulse.item","path":"List.entry.item","min":1,"max":"1","type":[{"code":"Reference",
       "targetProfile":["http://hl7.org/fhir/StructureDefinition/heartrate"]}]})x");
  const auto list = [](const std::string& code) {
    return R"({"resourceType":"List","status":"current","mode":"working","contained":[{"resourceType":"Observation",
        "id":"o","status":"final","category":[{"coding":[{"code":"vital-signs",
        "system":"http://terminology.hl7.org/CodeSystem/observation-category"}]}],
        "code":{"coding":[{"system":"http://loinc.org","code":")" +
           code + R"("}]},"subject":{"reference":"Patient/1"},"effectiveDateTime":"2026-01-01",
        "valueQuantity":{"value":60,"unit":"/min","system":"http://unitsofmeasure.org","code":"/min"}}],
        "entry":[{"item":{"reference":"#o"}}]})";
  };
  EXPECT_THAT(errors(profile, list("8867-4")), IsEmpty());
  EXPECT_THAT(errors(profile, list("8302-2")), Contains("List.entry: The slice pulse is missing"));
}

TEST(Profile, FhirsOwn) {
  const DefinedCanonicals source;
  const auto errors = [&](const std::string& code, const std::string& unit) {
    std::vector<std::string> errors;
    const Json resource = Json::parse(R"({"resourceType":"Observation","meta":{"profile":[
        "http://hl7.org/fhir/StructureDefinition/bodyweight"]},"status":"final","category":[{"coding":[{
        "system":"http://terminology.hl7.org/CodeSystem/observation-category","code":"vital-signs"}]}],
        "code":{"coding":[{"system":"http://loinc.org","code":")" +
                                      code + R"("}]},"subject":{"reference":"Patient/1"},
        "effectiveDateTime":"2026-01-01","valueQuantity":{"value":70,"unit":"x",
        "system":"http://unitsofmeasure.org","code":")" +
                                      unit + R"("}})");
    for (const Issue& issue : validate(resource, source, {}))
      if (issue.severity <= Issue::Severity::error) errors.push_back(issue.expression);
    return errors;
  };
  EXPECT_THAT(errors("29463-7", "kg"), IsEmpty());
  EXPECT_THAT(errors("29463-7", "m"), Contains(HasSubstr("value")));
  EXPECT_THAT(errors("8302-2", "kg"), Contains(HasSubstr("code")));
}

TEST(Profile, UnknownOnes) {
  const DefinedCanonicals source;
  const Json patient = Json::parse(R"({"resourceType":"Patient","meta":{"profile":["urn:none"]}})");
  EXPECT_EQ(code_of([&] { validate(patient, source, {"urn:other"}); }), ErrorCode::not_found);
  bool warned = false;
  for (const Issue& issue : validate(patient, source, {}))
    warned = warned || (issue.severity == Issue::Severity::warning && issue.code == "not-found");
  EXPECT_TRUE(warned);
}

TEST(Profile, WithADifferentialOnly) {
  Json profile = profile_of("Observation", "");
  profile.erase("snapshot");
  profile["differential"] = Json::parse(R"({"element":[
      {"id":"Observation.subject","path":"Observation.subject","min":1},
      {"id":"Observation.component","path":"Observation.component",
       "slicing":{"discriminator":[{"type":"value","path":"code"}],"rules":"open"}},
      {"id":"Observation.component:one","path":"Observation.component","sliceName":"one","min":1},
      {"id":"Observation.component:one.code.coding.code","path":"Observation.component.code.coding.code",
       "min":1,"fixedCode":"one"},
      {"id":"Observation.component:one.interpretation","path":"Observation.component.interpretation","max":"0"}]})");
  const auto with = [](const std::string& component) {
    return observation(R"("subject":{"reference":"Patient/1"},"component":[)" + component + "]");
  };
  const std::string one = R"({"code":{"coding":[{"code":"one"}]})";
  EXPECT_THAT(errors(profile, with(one + "}")), IsEmpty());
  EXPECT_THAT(errors(profile, observation("")), ::testing::SizeIs(2));
  EXPECT_THAT(errors(profile, with(one + R"(,"interpretation":[{"text":"low"}]})")),
              Contains(HasSubstr("interpretation is not allowed")));
  profile["differential"]["element"].push_back(
      Json::parse(R"({"id":"Observation.nothing","path":"Observation.nothing"})"));
  EXPECT_EQ(code_of([&] { errors(profile, observation("")); }), ErrorCode::invalid_structure);
  profile["baseDefinition"] = "urn:none";
  EXPECT_EQ(code_of([&] { errors(profile, observation("")); }), ErrorCode::not_found);
  profile["baseDefinition"] = "urn:profile";
  EXPECT_EQ(code_of([&] { errors(profile, observation("")); }), ErrorCode::invalid_structure) << "on itself";
}

// The International Patient Summary's own examples, where its npm package lies beside FHIR's.
TEST(Profile, InternationalPatientSummary) {
  const std::filesystem::path package = project_folder() / "node_modules" / "hl7.fhir.uv.ips";
  if (!std::filesystem::is_directory(package)) GTEST_SKIP() << "npm's hl7.fhir.uv.ips is not installed";
  const PackagedCanonicals source({package});
  const auto errors = [&](const std::string& patient) {
    std::vector<std::string> errors;
    for (const Issue& issue : validate(Json::parse(patient), source,
                                       {"http://hl7.org/fhir/uv/ips/StructureDefinition/Patient-uv-ips"}))
      if (issue.severity <= Issue::Severity::error) errors.push_back(issue.expression + ": " + issue.text);
    return errors;
  };
  EXPECT_THAT(
      errors(R"({"resourceType":"Patient","name":[{"family":"A","given":["B"]}],"birthDate":"1970"})"),
      IsEmpty());
  EXPECT_THAT(errors(R"({"resourceType":"Patient","name":[{"use":"official"}]})"),
              Contains("Patient.birthDate: The element birthDate is missing"));
}

class StoredProfiles : public StoreTest {
 protected:
  void SetUp() override {
    StoreTest::SetUp();
    put(R"({"resourceType":"StructureDefinition","id":"p","url":"urn:profile","name":"P","status":"active",
        "kind":"resource","abstract":false,"type":"Patient","derivation":"constraint",
        "baseDefinition":"http://hl7.org/fhir/StructureDefinition/Patient","snapshot":{"element":[
        {"id":"Patient","path":"Patient","min":0,"max":"*","definition":"d","base":{"path":"Patient","min":0,"max":"*"}},
        {"id":"Patient.birthDate","path":"Patient.birthDate","min":1,"max":"1","definition":"d",
         "base":{"path":"Patient.birthDate","min":0,"max":"1"},"type":[{"code":"date"}]}]}})");
  }
};

TEST_F(StoredProfiles, AreKnownToValidate) {
  const auto answer = [&](const Parameters& query, const std::string& patient) {
    return record_->operate(system_, "validate", {"Patient", "", query, Json::parse(patient)});
  };
  EXPECT_THAT(answer({{"profile", "urn:profile"}}, R"({"resourceType":"Patient"})"), HasSubstr("birthDate"));
  EXPECT_THAT(answer({}, R"({"resourceType":"Patient","meta":{"profile":["urn:profile"]}})"),
              HasSubstr("birthDate is missing"));
  EXPECT_THAT(answer({{"profile", "urn:profile"}}, R"({"resourceType":"Patient","birthDate":"1970-01-01"})"),
              ::testing::Not(HasSubstr("\"error\"")));
}

TEST_F(StoredProfiles, AreAskedOfWhatIsReferredTo) {
  put(R"({"resourceType":"StructureDefinition","id":"o","url":"urn:of-the-dated","name":"O","status":"active",
      "kind":"resource","abstract":false,"type":"Basic","derivation":"constraint",
      "baseDefinition":"http://hl7.org/fhir/StructureDefinition/Basic","snapshot":{"element":[
      {"id":"Basic","path":"Basic","min":0,"max":"*","definition":"d","base":{"path":"Basic","min":0,"max":"*"}},
      {"id":"Basic.subject","path":"Basic.subject","min":1,"max":"1","definition":"d",
       "base":{"path":"Basic.subject","min":0,"max":"1"},
       "type":[{"code":"Reference","targetProfile":["urn:profile"]}]}]}})");
  put(R"({"resourceType":"Patient","id":"dated","birthDate":"1970-01-01"})");
  put(R"({"resourceType":"Patient","id":"undated"})");
  const auto answer = [&](const trust::Principal& who, const std::string& reference) {
    return record_->operate(
        who, "validate",
        {"Basic",
         "",
         {{"profile", "urn:of-the-dated"}},
         Json::parse(R"({"resourceType":"Basic","code":{"text":"x"},"subject":{"reference":")" + reference +
                     R"("}})")});
  };
  EXPECT_THAT(answer(system_, "Patient/dated"), ::testing::Not(HasSubstr("\"error\"")));
  EXPECT_THAT(answer(system_, "Patient/undated"), HasSubstr("does not conform to urn:profile"));
  EXPECT_THAT(answer(system_, std::string(kBase) + "/Patient/undated"), HasSubstr("does not conform"));
  EXPECT_THAT(answer(system_, "Patient/nobody"), ::testing::Not(HasSubstr("\"error\"")));
  EXPECT_THAT(answer(clinician("west"), "Patient/undated"), ::testing::Not(HasSubstr("\"error\"")))
      << "whom they do not see, they learn nothing of";
}

TEST_F(StoredProfiles, AreFollowedWithinBundles) {
  const Json bundle = Json::parse(R"({"resourceType":"Bundle","type":"collection","entry":[
      {"fullUrl":"urn:uuid:5d1e0b8e-1c5e-4b5a-9d35-0a2f5a9d7f11","resource":{"resourceType":"Patient"}},
      {"fullUrl":"urn:uuid:5d1e0b8e-1c5e-4b5a-9d35-0a2f5a9d7f12",
       "resource":{"resourceType":"Patient","meta":{"profile":["urn:profile"]}}}]})");
  const std::string outcome = record_->operate(system_, "validate", {"Bundle", "", {}, bundle});
  EXPECT_THAT(outcome, HasSubstr("Bundle.entry[1].resource.birthDate"));
  EXPECT_THAT(outcome, ::testing::Not(HasSubstr("entry[0].resource.birthDate")));
}

TEST_F(StoredProfiles, AreKeptToInWritingWhereThatIsConfigured) {
  const std::string patient = R"({"resourceType":"Patient","id":"x","meta":{"profile":["urn:profile"]}})";
  EXPECT_NO_THROW(put(patient));
  Record strict(*database_, *ledger_, queue_, RecordOptions{.base_url = kBase, .check_profiles = true});
  const auto refusal = error_of([&] { strict.update(system_, Json::parse(patient)); });
  ASSERT_TRUE(refusal);
  EXPECT_EQ(refusal->code(), ErrorCode::invalid_value);
  EXPECT_EQ(refusal->where(), "Patient.birthDate");
  const Json bundle = Json::parse(R"({"resourceType":"Bundle","type":"transaction","entry":[{"resource":)" +
                                  patient + R"(,"request":{"method":"PUT","url":"Patient/x"}}]})");
  EXPECT_EQ(code_of([&] { strict.execute(system_, bundle); }), ErrorCode::invalid_value);
  EXPECT_NO_THROW(strict.update(system_, Json::parse(R"({"resourceType":"Patient","id":"x"})")));
}

}  // namespace
}  // namespace meridian::record
