#include <gmock/gmock.h>

#include <atomic>
#include <thread>

#include "record/store_fixture.h"

namespace meridian::record {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

class StoreWrite : public StoreTest {};

constexpr const char* kPatient = R"({"resourceType":"Patient","meta":{"versionId":"77","tag":[{"code":"t"}]},
  "name":[{"family":"李","given":["秀英"]}],"birthDate":"1956-03-01"})";

TEST_F(StoreWrite, GivesNewResourcesAnIdAVersionAndATime) {
  const Version version = create(kPatient);
  EXPECT_EQ(version.number, 1);
  EXPECT_TRUE(version.created);
  const Json read = Json::parse(record_->read(system_, "Patient", version.id).body);
  EXPECT_EQ(read.text("id"), version.id);
  EXPECT_EQ(read.text("meta.versionId"), "1");
  EXPECT_EQ(read.text("meta.lastUpdated"), format_instant(version.last_updated));
  EXPECT_EQ(read.text("meta.tag.code"), "t");
  EXPECT_EQ(read.text("name.family"), "李");
}

TEST_F(StoreWrite, KeepsDecimalsAsWritten) {
  const Version version = create(
      R"({"resourceType":"Observation","status":"final","code":{"text":"x"},"valueQuantity":{"value":1.10}})");
  EXPECT_THAT(record_->read(system_, "Observation", version.id).body, HasSubstr("\"value\":1.10"));
}

TEST_F(StoreWrite, KeepsEveryVersion) {
  const std::string id = create(kPatient).id;
  const Version second = put(R"({"resourceType":"Patient","id":")" + id + R"(","active":true})");
  EXPECT_EQ(second.number, 2);
  EXPECT_FALSE(second.created);
  EXPECT_EQ(Json::parse(record_->read(system_, "Patient", id).body).text("meta.versionId"), "2");
  EXPECT_THAT(record_->read_version(system_, "Patient", id, 1).body, HasSubstr("秀英"));
  EXPECT_EQ(code_of([&] { record_->read_version(system_, "Patient", id, 3); }), ErrorCode::not_found);
}

TEST_F(StoreWrite, MakesNoVersionOfWhatSaysTheSame) {
  const std::string json = R"({"resourceType":"Patient","id":"p","active":true})";
  put(json);
  EXPECT_EQ(put(json).number, 1);
  EXPECT_EQ(ledger_->size(), 1);
}

TEST_F(StoreWrite, CreatesByUpdate) {
  const Version version = put(R"({"resourceType":"Patient","id":"my-own.ID","active":true})");
  EXPECT_TRUE(version.created);
  EXPECT_EQ(record_->read(system_, "Patient", "my-own.ID").number, 1);
}

TEST_F(StoreWrite, RefusesAnUpdateOfAnOldVersion) {
  put(R"({"resourceType":"Patient","id":"p","active":true})");
  record_->update(system_, Json::parse(R"({"resourceType":"Patient","id":"p","active":false})"), 1);
  const auto error = error_of([&] {
    record_->update(system_, Json::parse(R"({"resourceType":"Patient","id":"p","gender":"male"})"), 1);
  });
  ASSERT_TRUE(error);
  EXPECT_EQ(error->code(), ErrorCode::precondition_failed);
  EXPECT_THAT(error->what(), HasSubstr("its version is 2"));
  EXPECT_EQ(
      code_of([&] { record_->update(system_, Json::parse(R"({"resourceType":"Patient","id":"none"})"), 1); }),
      ErrorCode::precondition_failed);
}

TEST_F(StoreWrite, DeletesSoThatOnlyTheHistoryIsLeft) {
  put(R"({"resourceType":"Patient","id":"p","active":true})");
  EXPECT_TRUE(record_->remove(system_, "Patient", "p").deleted);
  EXPECT_EQ(record_->remove(system_, "Patient", "p").number, 2) << "a second deletion changes nothing";
  EXPECT_EQ(code_of([&] { record_->read(system_, "Patient", "p"); }), ErrorCode::gone);
  EXPECT_THAT(found("Patient", {{"active", "true"}}), IsEmpty());
  EXPECT_EQ(record_->read_version(system_, "Patient", "p", 1).number, 1);
  EXPECT_EQ(code_of([&] { record_->read_version(system_, "Patient", "p", 2); }), ErrorCode::gone);
  EXPECT_EQ(code_of([&] { record_->remove(system_, "Patient", "never"); }), ErrorCode::not_found);
  const Version again = put(R"({"resourceType":"Patient","id":"p","active":true})");
  EXPECT_EQ(again.number, 3);
  EXPECT_TRUE(again.created);
}

TEST_F(StoreWrite, RefusesWhatIsNoResource) {
  EXPECT_EQ(code_of([&] { create(R"({"id":"x"})"); }), ErrorCode::invalid_structure);
  EXPECT_EQ(code_of([&] { create(R"({"resourceType":"Patiant"})"); }), ErrorCode::invalid_structure);
  EXPECT_EQ(code_of([&] { create("[]"); }), ErrorCode::invalid_structure);
  EXPECT_EQ(code_of([&] { put(R"({"resourceType":"Patient"})"); }), ErrorCode::invalid_value);
  EXPECT_EQ(code_of([&] { put(R"({"resourceType":"Patient","id":"a/b"})"); }), ErrorCode::invalid_value);
  EXPECT_EQ(code_of([&] { put(R"({"resourceType":"Patient","id":")" + std::string(65, 'a') + "\"}"); }),
            ErrorCode::invalid_value);
  EXPECT_EQ(code_of([&] { record_->read(system_, "Patiant", "x"); }), ErrorCode::not_found);
  EXPECT_EQ(code_of([&] { record_->read(system_, "Patient", "' OR 1=1 --"); }), ErrorCode::not_found);
  EXPECT_EQ(count("SELECT COUNT(*) FROM resource"), 0);
  EXPECT_EQ(ledger_->size(), 0);
}

TEST_F(StoreWrite, NamesThePathOfWhatIsWrong) {
  const auto error =
      error_of([&] { create(R"({"resourceType":"Patient","name":[{"family":"x"},{"famly":"y"}]})"); });
  ASSERT_TRUE(error);
  EXPECT_EQ(error->code(), ErrorCode::invalid_structure);
  EXPECT_THAT(error->where(), HasSubstr("Patient.name[1]"));
  EXPECT_EQ(count("SELECT COUNT(*) FROM resource"), 0);
}

TEST_F(StoreWrite, RefusesWhatIsTooLarge) {
  const std::string huge(2u << 20, 'x');
  EXPECT_EQ(code_of([&] { create(R"({"resourceType":"Patient","name":[{"family":")" + huge + "\"}]}"); }),
            ErrorCode::too_large);
}

TEST_F(StoreWrite, WritesResourcesLedgerAndJobsTogetherOrNotAtAll) {
  EXPECT_THROW(record_->write(system_,
                              [&](Writer& writer) {
                                writer.create(Json::parse(kPatient));
                                writer.enqueue("assistant.run", Json::object());
                                throw std::runtime_error("no");
                              }),
               std::runtime_error);
  EXPECT_EQ(count("SELECT COUNT(*) FROM resource"), 0);
  EXPECT_EQ(ledger_->size(), 0);
  EXPECT_EQ(queue_.waiting("assistant.run"), 0);
  record_->write(system_, [&](Writer& writer) {
    const Version version = writer.create(Json::parse(kPatient));
    EXPECT_EQ(writer.read(version.reference()).number, 1);
    writer.enqueue("assistant.run", Json::object());
  });
  EXPECT_EQ(count("SELECT COUNT(*) FROM resource"), 1);
  EXPECT_EQ(ledger_->size(), 1);
  EXPECT_EQ(queue_.waiting("assistant.run"), 1);
}

TEST_F(StoreWrite, LetsListenersWriteMoreOrUndoAll) {
  record_->on_write([](Writer& writer, const Version& version) {
    if (version.type == "Patient") writer.enqueue("seen", Json(version.reference()));
    if (version.type == "Basic") throw Error(ErrorCode::refused, "no Basic here");
  });
  create(kPatient);
  EXPECT_EQ(queue_.waiting("seen"), 1);
  EXPECT_EQ(code_of([&] { create(R"({"resourceType":"Basic","code":{"text":"x"}})"); }), ErrorCode::refused);
  EXPECT_EQ(count("SELECT COUNT(*) FROM resource"), 1);
}

TEST_F(StoreWrite, PutsEachWriteIntoTheLedger) {
  put(R"({"resourceType":"Patient","id":"p"})");
  put(R"({"resourceType":"Observation","id":"o","status":"final","code":{"text":"x"},"subject":{"reference":"Patient/p"}})");
  record_->remove(system_, "Observation", "o");
  const auto entries = ledger_->entries({});
  ASSERT_EQ(entries.size(), 3u);
  EXPECT_EQ(entries[0].kind, "fhir.delete");
  EXPECT_EQ(entries[0].entity, "Observation/o/_history/2");
  EXPECT_EQ(entries[0].patient, "Patient/p");
  EXPECT_EQ(entries[1].action, "C");
  EXPECT_EQ(entries[2].entity, "Patient/p/_history/1");
}

TEST_F(StoreWrite, CreatesOneOfManyConcurrentConditionalCreates) {
  const Json patient =
      Json::parse(R"({"resourceType":"Patient","identifier":[{"system":"urn:s","value":"1"}]})");
  constexpr int kThreads = 64;
  std::atomic<int> created = 0;
  std::vector<std::jthread> threads;
  for (int i = 0; i < kThreads; ++i)
    threads.emplace_back([&] { created += record_->create(system_, patient, "identifier=urn:s|1").created; });
  threads.clear();
  EXPECT_EQ(created, 1);
  EXPECT_EQ(count("SELECT COUNT(*) FROM resource"), 1);
}

TEST_F(StoreWrite, RefusesAConditionThatSeveralMeetOrThatSaysNothing) {
  create(kPatient), create(kPatient);
  EXPECT_EQ(code_of([&] { record_->create(system_, Json::parse(kPatient), "family=李"); }),
            ErrorCode::precondition_failed);
  EXPECT_EQ(code_of([&] { record_->create(system_, Json::parse(kPatient), "_count=1"); }),
            ErrorCode::invalid_request);
  EXPECT_EQ(code_of([&] { record_->create(system_, Json::parse(kPatient), "nonsense=1"); }),
            ErrorCode::invalid_request);
  EXPECT_EQ(count("SELECT COUNT(*) FROM resource"), 2);
}

TEST_F(StoreWrite, IndexesAgainWhatOtherDefinitionsIndexed) {
  put(R"({"resourceType":"Patient","id":"p","name":[{"family":"Smith"}]})");
  database_->write([](storage::Transaction& transaction) {
    transaction.execute("DELETE FROM string_index");
    transaction.execute("UPDATE index_state SET value = 'of an older program'");
  });
  EXPECT_THAT(found("Patient", {{"family", "smith"}}), IsEmpty());
  record_.emplace(*database_, *ledger_, queue_, RecordOptions{.base_url = kBase});
  EXPECT_THAT(found("Patient", {{"family", "smith"}}), ::testing::ElementsAre("p"));
}

}  // namespace
}  // namespace meridian::record
