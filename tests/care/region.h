// A small region: two clinics, a hospital, those who work there and a patient of each clinic.
#pragma once
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "care/care.h"
#include "engine/node.h"

namespace meridian::care {

inline const trust::Principal kDoctor{"u-li", "Dr Li", trust::Role::clinician, "Practitioner/li",
                                      "Organization/liushan"};
inline const trust::Principal kOtherDoctor{"u-zhao", "Dr Zhao", trust::Role::clinician, "Practitioner/zhao",
                                           "Organization/hekou"};
inline const trust::Principal kSpecialist{"u-chen", "Dr Chen", trust::Role::specialist, "Practitioner/chen",
                                          "Organization/hospital"};
inline const trust::Principal kColleague{"u-sun", "Dr Sun", trust::Role::specialist, "Practitioner/sun",
                                         "Organization/hospital"};
inline const trust::Principal kDevice{"d-1", "ECG cart", trust::Role::device, "Device/cart",
                                      "Organization/liushan"};
inline const trust::Principal kEngineer{"u-gao", "Gao Lei", trust::Role::administrator, "Practitioner/gao",
                                        "Organization/hospital"};
inline const trust::Principal kResident{"u-wang", "Wang Jianguo", trust::Role::resident, "Patient/p1", ""};

class RegionTest : public testing::Test {
 protected:
  explicit RegionTest(engine::Node::Assistants assistants = readers())
      : node(folder.path(), std::move(assistants), Care::migrations()),
        care({*node.database, node.queue, node.ledger, node.record, node.archive, node.registry}) {
    care.listen_to(node.runner);
    for (
        const char* resource :
        {R"({"resourceType": "Organization", "id": "liushan", "name": "Liushan clinic", "type": [{"text": "clinic"}]})",
         R"({"resourceType": "Organization", "id": "hekou", "name": "Hekou clinic", "type": [{"text": "clinic"}]})",
         R"({"resourceType": "Organization", "id": "hospital", "name": "County hospital", "type": [{"text": "hospital"}]})",
         R"({"resourceType": "Practitioner", "id": "li"})",
         R"({"resourceType": "Practitioner", "id": "zhao"})",
         R"({"resourceType": "Practitioner", "id": "chen"})",
         R"({"resourceType": "Practitioner", "id": "sun"})",
         R"({"resourceType": "Patient", "id": "p1", "gender": "male", "birthDate": "1957-03-04",
              "identifier": [{"system": "urn:test", "value": "P-1"}],
              "name": [{"use": "official", "text": "王建国"}, {"use": "usual", "text": "Wang Jianguo"}],
              "managingOrganization": {"reference": "Organization/liushan"}})",
         R"({"resourceType": "Patient", "id": "p2", "gender": "female", "birthDate": "1970-01-01",
              "name": [{"text": "Li Xiuying"}], "managingOrganization": {"reference": "Organization/hekou"}})"})
      node.put(resource);
  }

  static engine::Node::Assistants readers() {
    engine::Node::Assistants list;
    list.push_back(
        engine::scripted("ecg_reader", "ECG", [](const engine::Input&) { return engine::fibrillation(); }));
    list.push_back(engine::scripted("film_reader", "DX", [](const engine::Input&) {
      return engine::Reading{
          engine::Refusal{"not-a-chest-film", {"Not analysed: not a chest film.", "未分析：非胸片。"}}, {}};
    }));
    return list;
  }

  std::string open_case(const std::string& patient = "Patient/p1", const std::string& priority = "routine",
                        const trust::Principal& by = kDoctor) {
    return care.cases.open(by, {patient, "Palpitations", priority}).text("case.id");
  }
  Origin from_console(const std::string& case_id, const trust::Principal& by = kDoctor) {
    return {by, "console", by.organization, case_id};
  }
  // A case with an ECG and its draft.
  std::string drafted_case(const std::string& uid = "1.2.3.4") {
    const std::string id = open_case();
    care.intake.receive(engine::ecg_file("P-1", uid), from_console(id));
    node.run_all();
    return id;
  }
  void ask(const std::string& id) {
    care.consultations.ask(kDoctor, id, {"hospital", "Anticoagulate?", "urgent"});
  }
  Json page(const std::string& id, const trust::Principal& by = kDoctor) { return care.cases.page(by, id); }

  TemporaryFolder folder;
  engine::Node node;
  Care care;
};

}  // namespace meridian::care
