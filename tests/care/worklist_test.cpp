#include "care/worklist.h"

#include <gtest/gtest.h>

#include "care/region.h"

namespace meridian::care {
namespace {

class List : public RegionTest {
 protected:
  // Rows alone: what the list sorts, without the resources.
  void add(const std::string& id, engine::Urgency urgency, std::chrono::minutes waited,
           const std::function<void(CaseRow&)>& change = {}) {
    CaseRow row;
    row.id = id;
    row.patient = "Patient/p1";
    row.patient_json = Json::object({{"name", "Wang " + id}});
    row.search = "wang " + id + "\n100%\n";
    row.organization = "Organization/liushan";
    row.organization_name = "Liushan clinic";
    row.urgency = urgency;
    row.modality = "ECG";
    row.since = now() - waited;
    if (change) change(row);
    node.database->write([&](storage::Transaction& transaction) { save_case(transaction, row); });
  }
  std::vector<std::string> ids(const WorklistFilter& filter, const trust::Principal& by = kDoctor) {
    std::vector<std::string> found;
    const Json list = care.worklist.list(by, filter);
    for (const Json& row : list.get("rows").items()) found.push_back(row.text("case"));
    return found;
  }
};

using std::chrono::minutes;
using testing::ElementsAre;

TEST_F(List, IsByUrgencyAndThenByWaiting) {
  add("routine-new", engine::Urgency::routine, minutes(5));
  add("today-new", engine::Urgency::today, minutes(10));
  add("routine-old", engine::Urgency::routine, minutes(60 * 25));
  add("emergency", engine::Urgency::emergency, minutes(1));
  add("today-older", engine::Urgency::today, minutes(90));
  add("routine-older", engine::Urgency::routine, minutes(120));
  EXPECT_THAT(ids({}), ElementsAre("emergency", "routine-old", "today-older", "today-new", "routine-older",
                                   "routine-new"));
  EXPECT_THAT(ids({"urgent"}), ElementsAre("emergency", "routine-old", "today-older", "today-new"));
  const Json row = care.worklist.list(kDoctor, {}).get("rows").at(1);
  EXPECT_EQ(row.text("urgency"), "today");
  EXPECT_EQ(row.text("urgencyReason.en"), "Waiting for 25 h");
}

TEST_F(List, IsCountedAndFiltered) {
  add("a", engine::Urgency::today, minutes(5), [](CaseRow& row) { row.reader = kDoctor.user; });
  add("b", engine::Urgency::routine, minutes(6), [](CaseRow& row) { row.modality = "DX"; });
  add("c", engine::Urgency::routine, minutes(7), [](CaseRow& row) {
    row.status = CaseStatus::signed_off;
    row.signed_at = now();
  });
  add("d", engine::Urgency::emergency, minutes(8),
      [](CaseRow& row) { row.organization = "Organization/hekou"; });
  const Json list = care.worklist.list(kDoctor, {});
  EXPECT_EQ(list.find("counts")->dump(), R"({"waiting":2,"urgent":1,"mine":1,"signedToday":1})");
  EXPECT_THAT(ids({"mine"}), ElementsAre("a"));
  EXPECT_THAT(ids({"signed"}), ElementsAre("c"));
  EXPECT_THAT(ids({"waiting", "", "DX"}), ElementsAre("b"));
  EXPECT_THAT(ids({"waiting", "WANG b"}), ElementsAre("b"));
  EXPECT_THAT(ids({"waiting", "100%"}), ElementsAre("a", "b"));
  EXPECT_TRUE(ids({"waiting", "1_0%"}).empty());
  EXPECT_THAT(ids({"waiting", "", "", "liushan"}), ElementsAre("a", "b"));
  EXPECT_EQ(code_of([&] { ids({"later"}); }), ErrorCode::invalid_value);
}

TEST_F(List, IsNotForThoseWithoutARecord) {
  for (const trust::Principal& principal : {kEngineer, kResident})
    EXPECT_EQ(code_of([&] { care.worklist.list(principal, {}); }), ErrorCode::forbidden);
}

TEST_F(List, OfThousandsIsGivenInPages) {
  node.database->write([&](storage::Transaction& transaction) {
    for (int i = 0; i < 3000; ++i) {
      CaseRow row;
      row.id = "case-" + std::to_string(i);
      row.patient = "Patient/p1";
      row.organization = "Organization/liushan";
      row.urgency = i % 10 == 0 ? engine::Urgency::today : engine::Urgency::routine;
      row.since = now() - minutes(i % 600);
      save_case(transaction, row);
    }
  });
  const Json list = care.worklist.list(kDoctor, {.offset = 298, .limit = 4});
  EXPECT_EQ(list.get("total").as_int(), 3000);
  ASSERT_EQ(list.get("rows").size(), 4u);
  EXPECT_EQ(list.get("rows").at(1).text("urgency"), "today");
  EXPECT_EQ(list.get("rows").at(2).text("urgency"), "routine");
}

}  // namespace
}  // namespace meridian::care
