// What the CapabilityStatement claims, tried claim by claim.
#include <functional>

#include "base/error.h"
#include "doors/http_node_fixture.h"
#include "record/definitions/definitions.h"
#include "record/query/query_string.h"
#include "record/xml/xml.h"

namespace meridian::doors::http {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* kForm = "Content-Type: application/x-www-form-urlencoded\r\n";
// Only the program itself reads and writes it.
constexpr const char* kAudit = "AuditEvent";

class HttpFhirCapabilityTest : public HttpNodeTest {
 protected:
  HttpFhirCapabilityTest() : statement_(get("/fhir/metadata").json()) {}

  const Json& rest() const { return statement_.get("rest").at(0); }
  const Json::Array& resources() const { return rest().find("resource")->items(); }
  const Json& claims_of(const std::string& type) const {
    for (const Json& resource : resources())
      if (resource.text("type") == type) return resource;
    throw Error(ErrorCode::not_found, "No claims", type);
  }
  static std::vector<std::string> codes(const Json& list, const char* member) {
    std::vector<std::string> codes;
    for (const Json& item : list.items()) codes.push_back(item.text(member));
    return codes;
  }

  static std::string sample(const std::string& type) {
    if (type == "number" || type == "quantity") return "1";
    if (type == "date") return "2020-01-01";
    if (type == "reference") return "Patient/1";
    return "x";
  }
  static std::string sample_of(const std::string& resource_type, const Json& parameter) {
    const std::string name = parameter.text("name"), type = parameter.text("type");
    if (name == "near") return "0|0";
    if (name == "_filter") return "_id eq x";
    if (type != "composite") return sample(type);
    std::string value;
    const record::SearchParameter* composite = record::find_search_parameter(resource_type, name);
    for (const record::SearchComponent& component : composite->components) {
      const auto kind = record::find_search_parameter(resource_type, component.definition)->type;
      value += (value.empty() ? "" : "$") +
               sample(kind == record::SearchType::date        ? "date"
                      : kind == record::SearchType::reference ? "reference"
                      : kind == record::SearchType::number || kind == record::SearchType::quantity ? "number"
                                                                                                   : "token");
    }
    return value;
  }
  void try_search(const std::string& type, const record::Parameters& parameters) {
    const std::string path = type.empty() ? "/fhir/_search" : "/fhir/" + type + "/_search";
    const HttpAnswer answer = post(path, record::format_query(parameters), kForm);
    EXPECT_EQ(answer.status, 200) << type << "?" << record::format_query(parameters) << " " << answer.body;
  }
  void try_parameter(const std::string& type, const Json& claims, const Json& parameter) {
    std::string name = parameter.text("name");
    if (name == "_has") {
      const Json* reverse = claims.find("searchRevInclude");
      if (!reverse || reverse->empty()) return;
      const std::string reference = reverse->at(0).as_string();
      name = "_has:" + reference + ":_id";
    }
    try_search(type, {{name, sample_of(type, parameter)}, {"_count", "1"}});
  }

  std::string create_group() {
    return post("/fhir/Group", R"({"resourceType":"Group","type":"person","actual":true})").json().text("id");
  }

  std::string create_encounter(const std::string& patient) {
    return post("/fhir/Encounter", R"({"resourceType":"Encounter","status":"finished","class":{"code":"AMB"},
        "subject":{"reference":"Patient/)" +
                                       patient + R"("}})")
        .json()
        .text("id");
  }

  const Json statement_;
  std::string basic_ = R"({"resourceType":"Basic","code":{"text":"x"}})";
};

TEST_F(HttpFhirCapabilityTest, IsValidItself) {
  EXPECT_THAT(post("/fhir/CapabilityStatement/$validate", statement_.dump()).body,
              Not(HasSubstr("\"error\"")));
  EXPECT_EQ(statement_.text("fhirVersion"), "4.0.1");
  EXPECT_EQ(resources().size(), record::resource_types().size());
}

TEST_F(HttpFhirCapabilityTest, GivesTheFormats) {
  for (const Json& format : statement_.find("format")->items()) {
    const std::string name = format.as_string();
    const HttpAnswer answer = get("/fhir/Patient?_format=" + record::encode_percent(name));
    EXPECT_EQ(answer.status, 200) << name;
    EXPECT_THAT(answer.header("content-type"), HasSubstr(name.ends_with("xml") ? "fhir+xml" : "fhir+json"));
  }
}

TEST_F(HttpFhirCapabilityTest, PatchesInTheFormats) {
  const Json parameters = Json::parse(
      R"({"resourceType":"Parameters","parameter":[{"name":"operation","part":[
          {"name":"type","valueCode":"delete"},{"name":"path","valueString":"Patient.birthDate"}]}]})");
  const std::map<std::string, std::string> patches{
      {"application/json-patch+json", R"([{"op":"add","path":"/active","value":true}])"},
      {"application/xml-patch+xml",
       R"(<diff xmlns="http://hl7.org/fhir"><add sel="f:Patient/f:name" pos="after"><birthDate value="1970"/></add></diff>)"},
      {"application/fhir+json", parameters.dump()},
      {"application/fhir+xml", record::write_xml(parameters)}};
  const std::string target = "/fhir/Patient/" + create_patient();
  for (const Json& format : statement_.find("patchFormat")->items()) {
    const auto patch = patches.find(format.as_string());
    ASSERT_NE(patch, patches.end()) << format.as_string();
    EXPECT_EQ(send("PATCH", target, patch->second, "Content-Type: " + patch->first + "\r\n").status, 200)
        << patch->first;
  }
}

TEST_F(HttpFhirCapabilityTest, DoesTheInteractions) {
  const std::string id = post("/fhir/Basic", basic_).json().text("id"), target = "/fhir/Basic/" + id;
  Json changed = Json::parse(basic_);
  changed["id"] = id;
  changed["created"] = "2020-01-01";
  const std::map<std::string, std::function<bool()>> tries{
      {"read", [&] { return get(target).status == 200; }},
      {"vread", [&] { return get(target + "/_history/1").status == 200; }},
      {"update", [&] { return send("PUT", target, changed.dump()).status == 200; }},
      {"patch",
       [&] {
         return send("PATCH", target, R"([{"op":"add","path":"/created","value":"2019"}])",
                     "Content-Type: application/json-patch+json\r\n")
                    .status == 200;
       }},
      {"history-instance", [&] { return get(target + "/_history").json().get("entry").size() > 0; }},
      {"history-type", [&] { return get("/fhir/Basic/_history").json().get("entry").size() > 0; }},
      {"create", [&] { return post("/fhir/Basic", basic_).status == 201; }},
      {"search-type", [&] { return get("/fhir/Basic?_id=" + id).json().get("entry").size() == 1; }},
      {"delete",
       [&] { return post("/fhir/Basic", basic_).status == 201 && send("DELETE", target).status == 204; }}};
  std::vector<std::string> claimed = codes(claims_of("Basic").get("interaction"), "code");
  std::ranges::sort(claimed, {}, [](const std::string& code) { return std::pair(code == "delete", code); });
  ASSERT_EQ(claimed.size(), tries.size()) << "no more and no less";
  for (const std::string& code : claimed) EXPECT_TRUE(tries.at(code)()) << code;
  for (const Json& resource : resources())
    if (resource.text("type") != kAudit)
      EXPECT_EQ(resource.get("interaction").dump(), claims_of("Basic").get("interaction").dump());
}

TEST_F(HttpFhirCapabilityTest, ClaimsNoWritingOfTheAudit) {
  const Json& claims = claims_of(kAudit);
  for (const std::string& code : codes(claims.get("interaction"), "code"))
    EXPECT_FALSE(code == "create" || code == "update" || code == "patch" || code == "delete") << code;
  for (const char* member : {"updateCreate", "conditionalCreate", "conditionalUpdate", "conditionalDelete"})
    EXPECT_FALSE(claims.contains(member)) << member;
  sign_in("lin");
  EXPECT_EQ(get("/fhir/AuditEvent?_count=1").status, 200);
  EXPECT_EQ(get("/fhir/AuditEvent/_history?_count=1").status, 200);
  for (const char* account : {"lin", "wang", "root"}) {
    sign_in(account);
    EXPECT_EQ(post("/fhir/AuditEvent", R"({"resourceType":"AuditEvent"})").status, 403) << account;
  }
}

TEST_F(HttpFhirCapabilityTest, SaysWhichProgramItIsAndHowToSignIn) {
  EXPECT_FALSE(statement_.text("software.version").empty());
  EXPECT_THAT(rest().text("security.description"), HasSubstr("/auth/sign-in"));
  const HttpAnswer signed_in = post("/auth/sign-in", R"({"username":"wang","password":"a long password"})",
                                    "Content-Type: application/json\r\n");
  ASSERT_EQ(signed_in.status, 200);
  client_->always("Authorization: Bearer " + signed_in.json().text("token") + "\r\n");
  EXPECT_EQ(get("/fhir/Patient").status, 200);
}

TEST_F(HttpFhirCapabilityTest, DoesTheInteractionsOfTheSystem) {
  const auto bundle = [&](const std::string& type) {
    return R"({"resourceType":"Bundle","type":")" + type + R"(","entry":[{"resource":)" + basic_ +
           R"(,"request":{"method":"POST","url":"Basic"}}]})";
  };
  const std::map<std::string, std::function<int()>> tries{
      {"transaction", [&] { return post("/fhir", bundle("transaction")).status; }},
      {"batch", [&] { return post("/fhir", bundle("batch")).status; }},
      {"history-system", [&] { return get("/fhir/_history").status; }},
      {"search-system", [&] { return get("/fhir?_type=Basic").status; }}};
  const std::vector<std::string> claimed = codes(rest().get("interaction"), "code");
  ASSERT_EQ(claimed.size(), tries.size());
  for (const std::string& code : claimed) EXPECT_EQ(tries.at(code)(), 200) << code;
}

TEST_F(HttpFhirCapabilityTest, KeepsToConditions) {
  const std::string target = "/fhir/Patient?identifier=urn:test|Wang";
  const std::string once = std::string(kFhirType) + "If-None-Exist: identifier=urn:test|Wang\r\n";
  const Json& claims = claims_of("Patient");
  ASSERT_TRUE(claims.get("conditionalCreate").as_bool());
  EXPECT_EQ(post("/fhir/Patient", patient(), once).status, 201);
  EXPECT_EQ(post("/fhir/Patient", patient(), once).status, 200);
  ASSERT_TRUE(claims.get("conditionalUpdate").as_bool());
  EXPECT_EQ(send("PUT", target, patient()).status, 200);
  ASSERT_EQ(claims.text("conditionalRead"), "full-support");
  const HttpAnswer found = get(target);
  const std::string read = "/fhir/Patient/" + found.json().text("entry.resource.id");
  EXPECT_EQ(get(read, "If-None-Match: W/\"1\"\r\n").status, 304);
  EXPECT_EQ(get(read, "If-Modified-Since: " + get(read).header("last-modified") + "\r\n").status, 304);
  ASSERT_EQ(claims.text("conditionalDelete"), "single");
  EXPECT_EQ(send("DELETE", target).status, 204);
  ASSERT_TRUE(claims.get("updateCreate").as_bool());
  EXPECT_EQ(
      send("PUT", "/fhir/Basic/new", R"({"resourceType":"Basic","id":"new","code":{"text":"x"}})").status,
      201);
}

TEST_F(HttpFhirCapabilityTest, SearchesByTheParameters) {
  std::size_t tried = 0;
  for (const Json& claims : resources()) {
    const std::string type = claims.text("type");
    if (type == kAudit) continue;
    for (const Json& parameter : claims.find("searchParam")->items()) {
      try_parameter(type, claims, parameter);
      ++tried;
    }
    if (HasFailure()) break;
  }
  EXPECT_GT(tried, 2000u);
  for (const Json& parameter : rest().find("searchParam")->items()) {
    if (parameter.text("name") == "_type")
      try_search("", {{"_type", "Patient,Basic"}});
    else if (parameter.text("name") != "_has")
      try_parameter("", rest(), parameter);
  }
}

TEST_F(HttpFhirCapabilityTest, SearchesInTheCompartments) {
  const std::string id = create_patient(), other = create_patient();
  for (const std::string& patient : {id, other})
    EXPECT_EQ(post("/fhir/Observation", R"({"resourceType":"Observation","status":"final","code":{"text":"x"},
        "subject":{"reference":"Patient/)" + patient +
                                            R"("}})")
                  .status,
              201);
  const Json found = get("/fhir/Patient/" + id + "/Observation?status=final").json();
  ASSERT_EQ(found.get("entry").size(), 1u);
  EXPECT_EQ(found.text("entry.resource.subject.reference"), "Patient/" + id);
  EXPECT_EQ(
      post("/fhir/Patient/" + id + "/Observation/_search", "status=preliminary", kForm).json().find("entry"),
      nullptr);
  EXPECT_EQ(get("/fhir/Patient/" + id + "/Organization").status, 404);
  EXPECT_EQ(get("/fhir/Patient/1%20or%20status%20eq%20final/Observation").status, 422);
  const std::map<std::string, std::string> types{{"device", "Device"},
                                                 {"encounter", "Encounter"},
                                                 {"patient", "Patient"},
                                                 {"practitioner", "Practitioner"},
                                                 {"relatedPerson", "RelatedPerson"}};
  for (const Json& compartment : rest().find("compartment")->items()) {
    const std::string url = compartment.as_string();
    EXPECT_EQ(get("/fhir/" + types.at(url.substr(url.rfind('/') + 1)) + "/1/Observation").status, 200) << url;
  }
  sign_in("zhao");
  EXPECT_EQ(get("/fhir/Patient/" + id + "/Observation").json().find("entry"), nullptr);
}

TEST_F(HttpFhirCapabilityTest, SearchesAllOfACompartment) {
  const std::string id = create_patient(), other = create_patient();
  for (const std::string& patient : {id, other}) {
    EXPECT_EQ(
        post("/fhir/ServiceRequest", R"({"resourceType":"ServiceRequest","status":"active","intent":"order",
        "subject":{"reference":"Patient/)" +
                                         patient + R"("}})")
            .status,
        201);
    EXPECT_EQ(post("/fhir/Observation", R"({"resourceType":"Observation","status":"final","code":{"text":"x"},
        "subject":{"reference":"Patient/)" + patient +
                                            R"("}})")
                  .status,
              201);
  }
  const auto total = [&](const std::string& query) {
    return get("/fhir/Patient/" + id + "/*" + query).json().get("entry").size();
  };
  EXPECT_EQ(total(""), 2u);
  EXPECT_EQ(total("?_type=Observation"), 1u);
  EXPECT_EQ(total("?_lastUpdated=lt2020"), 0u);
  const Json page = get("/fhir/Patient/" + id + "/*?_count=1").json();
  ASSERT_EQ(page.get("entry").size(), 1u);
  std::string next;
  for (const Json& link : page.find("link")->items())
    if (link.text("relation") == "next") next = link.text("url");
  const Json rest_of_it = get(next.substr(next.find("/fhir"))).json();
  ASSERT_EQ(rest_of_it.get("entry").size(), 1u);
  EXPECT_NE(rest_of_it.text("entry.resource.id"), page.text("entry.resource.id"));
  EXPECT_EQ(post("/fhir/Patient/" + id + "/*/_search", "_type=Observation", kForm).json().get("entry").size(),
            1u);
  EXPECT_EQ(get("/fhir/Organization/" + id + "/*").status, 404);
  EXPECT_EQ(get("/fhir/Patient/a%20b/*").status, 422);
  sign_in("zhao");
  EXPECT_EQ(total(""), 0u);
}

TEST_F(HttpFhirCapabilityTest, IncludesWhatItSays) {
  for (const Json& claims : resources()) {
    const std::string type = claims.text("type");
    if (type == kAudit) continue;
    record::Parameters parameters{{"_count", "1"}};
    for (const Json& include : claims.find("searchInclude")->items())
      parameters.emplace_back("_include", include.as_string());
    for (const Json& include : claims.find("searchRevInclude")->items())
      parameters.emplace_back("_revinclude", include.as_string());
    try_search(type, parameters);
  }
}

TEST_F(HttpFhirCapabilityTest, DoesTheOperations) {
  const std::string id = create_patient(), gender = "http://hl7.org/fhir/administrative-gender";
  const std::string in_gender = "system=" + gender + "&code=male";
  const std::string subscription =
      post("/fhir/Subscription", R"({"resourceType":"Subscription","status":"requested","reason":"x",
          "criteria":"Patient","channel":{"type":"websocket"}})")
          .json()
          .text("id");
  const std::map<std::string, std::string> queries{
      {"Patient/everything", "/" + id + "/$everything"},
      {"Encounter/everything", "/" + create_encounter(id) + "/$everything"},
      {"Group/everything", "/" + create_group() + "/$everything"},
      {"Observation/lastn", "/$lastn?patient=" + id},
      {"Patient/summary", "/" + id + "/$summary"},
      {"Observation/stats", "/$stats?subject=Patient/" + id + "&code=x&statistic=count"},
      {"ValueSet/expand", "/$expand?url=http://hl7.org/fhir/ValueSet/administrative-gender"},
      {"ValueSet/validate-code",
       "/$validate-code?url=http://hl7.org/fhir/ValueSet/administrative-gender&" + in_gender},
      {"CodeSystem/validate-code", "/$validate-code?url=" + gender + "&code=male"},
      {"CodeSystem/lookup", "/$lookup?" + in_gender},
      {"CodeSystem/subsumes", "/$subsumes?system=" + gender + "&codeA=male&codeB=female"},
      {"ConceptMap/translate", "/$translate?" + in_gender},
      {"Subscription/status", "/" + subscription + "/$status"},
      {"Subscription/events", "/" + subscription + "/$events"},
      {"Subscription/get-ws-binding-token", "/$get-ws-binding-token?ids=" + subscription}};
  std::size_t tried = 0;
  for (const Json& claims : resources()) {
    const std::string type = claims.text("type");
    for (const Json& operation : claims.find("operation")->items()) {
      const std::string name = operation.text("name"), key = type + "/" + name;
      ++tried;
      if (name == "graphql") {
        EXPECT_EQ(get("/fhir/" + type + "/none/$graphql?query=%7Bid%7D").status, type == kAudit ? 403 : 404);
        continue;
      }
      if (name == "export") {
        const std::string target = type == "Patient" ? "/fhir/Patient" : "/fhir/Group/" + create_group();
        EXPECT_EQ(get(target + "/$export", "Prefer: respond-async\r\n").status, 202);
        continue;
      }
      const HttpAnswer answer = name == "validate"      ? post("/fhir/" + type + "/$validate",
                                                               Json::object({{"resourceType", type}}).dump())
                                : name == "match"       ? post("/fhir/Patient/$match", patient())
                                : queries.contains(key) ? get("/fhir/" + type + queries.at(key))
                                                        : HttpAnswer();
      EXPECT_EQ(answer.status, 200) << key << " " << answer.body;
    }
  }
  EXPECT_EQ(tried, 2 * resources().size() + queries.size() + 3)
      << "$validate and $graphql, $match, two $export";
  EXPECT_EQ(codes(rest().get("operation"), "name"),
            (std::vector<std::string>{"export", "import", "graphql", "run"}));
  for (const Json& operation : rest().find("operation")->items())
    if (const std::string definition = operation.text("definition"); definition.starts_with("#"))
      EXPECT_EQ(statement_.text("contained.id"), definition.substr(1));
  EXPECT_EQ(post("/fhir/$import", R"({"resourceType":"Basic","id":"b","code":{"text":"x"}})",
                 "Content-Type: application/fhir+ndjson\r\nPrefer: respond-async\r\n")
                .status,
            202);
  EXPECT_EQ(
      get("/fhir/$graphql?query=%7BPatientList%7Bid%7D%7D").json().get("data.PatientList").at(0).text("id"),
      id);
  EXPECT_EQ(post("/fhir/ViewDefinition/$run", R"({"resourceType":"ViewDefinition","resource":"Patient",
      "select":[{"column":[{"name":"id","path":"id"}]}]})")
                .status,
            200);
  EXPECT_EQ(get("/fhir/$export", "Prefer: respond-async\r\n").status, 202);
}

TEST_F(HttpFhirCapabilityTest, ValidatesForWhatIsToBeDone) {
  const std::string id = create_patient(), target = "/fhir/Patient/" + id + "/$validate";
  const auto good = [&](const HttpAnswer& answer) {
    EXPECT_EQ(answer.status, 200) << answer.body;
    return answer.body.find("\"severity\":\"error\"") == std::string::npos;
  };
  const auto observation = [&](const std::string& of) {
    return R"({"resourceType":"Observation","status":"final","code":{"text":"x"},"subject":{"reference":"Patient/)" +
           of + R"("}})";
  };
  EXPECT_TRUE(good(post("/fhir/Patient/$validate?mode=create", patient())));
  EXPECT_TRUE(good(post("/fhir/Observation/$validate?mode=create", observation(id))));
  EXPECT_FALSE(
      good(post("/fhir/Patient/$validate?mode=create", R"({"resourceType":"Patient","gender":"x"})")));
  const std::string organization = R"({"resourceType":"Organization","name":"x"})";
  EXPECT_FALSE(good(post("/fhir/Organization/$validate?mode=create", organization))) << "not by a clinician";
  EXPECT_TRUE(good(post("/fhir/Organization/$validate", organization)));
  const std::string stored = get("/fhir/Patient/" + id).body;
  EXPECT_TRUE(good(post(target + "?mode=update", stored)));
  EXPECT_FALSE(good(post(target + "?mode=update", patient()))) << "it has another id";
  EXPECT_TRUE(good(get(target + "?mode=delete")));
  EXPECT_TRUE(good(get(target + "?mode=profile&profile=http://hl7.org/fhir/StructureDefinition/Patient")));
  EXPECT_EQ(get("/fhir/Patient/" + id).status, 200) << "nothing was done";
  sign_in("zhao");
  EXPECT_FALSE(good(post(target + "?mode=update", stored)));
  EXPECT_FALSE(good(get(target + "?mode=delete")));
  EXPECT_FALSE(good(post("/fhir/Observation/$validate?mode=create", observation(id))))
      << "about a patient of another clinic";
}

TEST_F(HttpFhirCapabilityTest, OperationsRefuseClearly) {
  const std::string id = create_patient();
  EXPECT_THAT(get("/fhir/Patient/" + id + "/$validate").body, Not(HasSubstr("\"error\"")));
  EXPECT_EQ(get("/fhir/Patient/none/$validate").status, 404);
  EXPECT_EQ(get("/fhir/Patient/$validate").status, 400);
  EXPECT_EQ(post("/fhir/Patient/$validate?profile=urn:x", patient()).status, 404);
  EXPECT_EQ(post("/fhir/Patient/$validate?mode=nonsense", patient()).status, 422);
  EXPECT_EQ(post("/fhir/Patient/$validate?mode=profile", patient()).status, 400) << "which profile?";
  EXPECT_EQ(post("/fhir/Patient/$validate?mode=update", patient()).status, 400) << "of which?";
  const HttpAnswer judged = post("/fhir/Patient/$validate", R"({"resourceType":"Parameters","parameter":[
      {"name":"resource","resource":{"resourceType":"Patient","gender":"x"}}]})");
  EXPECT_EQ(judged.status, 200) << "what is wrong is the answer";
  EXPECT_THAT(judged.body, HasSubstr("Patient.gender"));
  EXPECT_EQ(get("/fhir/Patient/none/$everything").status, 404);
  EXPECT_EQ(get("/fhir/Observation/$lastn").status, 400);
  EXPECT_EQ(get("/fhir/ValueSet/$expand?url=urn:none").status, 404);
  EXPECT_EQ(post("/fhir/ValueSet/$expand", patient()).status, 422);
  EXPECT_EQ(post("/fhir/CodeSystem/$lookup", patient()).status, 422);
  sign_in("zhao");
  EXPECT_EQ(get("/fhir/Patient/" + id + "/$validate").status, 404) << "of another clinic";
  EXPECT_EQ(get("/fhir/Patient/" + id + "/$everything").status, 404);
}

TEST_F(HttpFhirCapabilityTest, SaysWhatItKnowsOfTerminology) {
  const HttpAnswer answer = get("/fhir/metadata?mode=terminology");
  EXPECT_EQ(answer.json().text("resourceType"), "TerminologyCapabilities");
  EXPECT_THAT(post("/fhir/TerminologyCapabilities/$validate", answer.body).body, Not(HasSubstr("\"error\"")));
  EXPECT_EQ(get("/fhir/metadata?mode=nonsense").status, 400);
}

}  // namespace
}  // namespace meridian::doors::http
