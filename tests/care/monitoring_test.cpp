// What a node owes of its monitors: nothing that was to be written is lost, and one line of two goes on.
#include "care/monitoring.h"

#include <array>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <latch>
#include <thread>

#include "care/intake.h"
#include "care/monitor_filing.h"
#include "care/region.h"
#include "storage/process.h"

namespace meridian::care {
namespace {

using testing::HasSubstr;

// Raises an alarm where a sample is higher than 5 mV.
class Follower : public engine::ScriptedAssistant, public engine::SignalFollower {
 public:
  Follower()
      : ScriptedAssistant(engine::scripted("ecg", "ECG", {})->card(),
                          [](const engine::Input&) { return engine::Reading{}; }) {}

  // What all wait for that begin; nullptr: for nothing.
  static inline std::latch* gate = nullptr;

  std::unique_ptr<engine::SignalStream> follow(const std::vector<std::string>& /*leads*/,
                                               double /*sampling_frequency*/) const override {
    if (gate) gate->arrive_and_wait();
    return std::make_unique<Stream>();
  }

 private:
  class Stream : public engine::SignalStream {
   public:
    engine::StreamEvents add(std::span<const std::vector<float>> samples) override {
      engine::StreamEvents events;
      for (const float sample : samples.front())
        if (sample > 5)
          events.alarms.push_back({"asystole", {"No beat", "无心搏"}, engine::Urgency::emergency, 0, 3.2});
      return events;
    }
  };
};

class MonitoringTest : public RegionTest {
 protected:
  MonitoringTest() : RegionTest(followers()) {}

  static engine::Node::Assistants followers() {
    engine::Node::Assistants list;
    list.push_back(std::make_unique<Follower>());
    return list;
  }
  std::shared_ptr<Monitor> begin() { return care.monitoring.begin(kDevice, id, {"Bed 3", {"II"}, 250}); }
  Json alarms() { return care.monitoring.alarms(kDoctor, id).get("alarms"); }
  void rename_table(const char* from, const char* to) {
    node.database->write([&](storage::Transaction& transaction) {
      transaction.execute(std::string("ALTER TABLE ") + from + " RENAME TO " + to);
    });
  }
  std::int64_t noted_as_running() {
    std::int64_t count = 0;
    node.database->read([&](storage::Connection& connection) {
      connection.query("SELECT COUNT(*) FROM care_monitor", {},
                       [&](const storage::Row& row) { count = row.integer(0); });
    });
    return count;
  }
  // As if another process had noted the monitors that run, and said so long ago that it lives.
  void note_as_of(const std::string& process, std::chrono::seconds ago) {
    node.database->write([&](storage::Transaction& transaction) {
      transaction.execute("UPDATE care_monitor SET process = ?, alive_at = alive_at - ?",
                          {process, std::int64_t{std::chrono::microseconds(ago).count()}});
    });
  }
  void start_again() {
    care.monitoring.start();
    care.monitoring.stop();
  }

  const std::string id = open_case();
};

TEST_F(MonitoringTest, KeepsWhatCannotBeWrittenWhenAMonitorEnds) {
  const auto monitor = begin();
  rename_table("care_case", "hidden");
  care.monitoring.add(*monitor, {{0, 9, 0}});
  care.monitoring.end(monitor, false);
  rename_table("hidden", "care_case");
  care.monitoring.run_due();
  EXPECT_EQ(alarms().size(), 0u) << "not yet tried again";
  node.seconds_ahead = 6;
  care.monitoring.run_due();
  ASSERT_EQ(alarms().size(), 1u);
  EXPECT_EQ(alarms().at(0).text("kind"), "asystole");
  EXPECT_NE(alarms().at(0).text("strip"), "");
  EXPECT_EQ(noted_as_running(), 0);
}

TEST_F(MonitoringTest, KeepsWhatNotEvenAJobCanKeep) {
  const auto monitor = begin();
  rename_table("care_case", "hidden");
  rename_table("job", "hidden_job");
  care.monitoring.add(*monitor, {{0, 9, 0}});
  care.monitoring.end(monitor, false);
  EXPECT_EQ(noted_as_running(), 1) << "were the node killed now, nobody else would know of the alarm";
  rename_table("hidden", "care_case");
  rename_table("hidden_job", "job");
  node.seconds_ahead = 6;
  care.monitoring.run_due();
  ASSERT_EQ(alarms().size(), 1u);
  EXPECT_NE(alarms().at(0).text("strip"), "");
  EXPECT_EQ(noted_as_running(), 0);
}

TEST_F(MonitoringTest, ForgetsNoMonitorOfWhichSomethingIsBeingFiled) {
  const auto monitor = begin();
  bool fails = true;
  node.record.on_write([&](record::Writer&, const record::Version& version) {
    if (!fails || version.type != "DetectedIssue") return;
    {
      const std::jthread meanwhile([&] { care.monitoring.end(monitor, false); });
    }
    throw Error(ErrorCode::unavailable, "The disk is full");
  });
  rename_table("job", "hidden_job");
  node.seconds_ahead = 6;
  care.monitoring.look_after(*monitor);  // it is silent
  rename_table("hidden_job", "job");
  EXPECT_TRUE(monitor->ended());
  EXPECT_EQ(noted_as_running(), 1) << "its alarm is known here alone";
  fails = false;
  node.seconds_ahead = 12;
  care.monitoring.run_due();
  EXPECT_EQ(alarms().size(), 1u);
  EXPECT_EQ(noted_as_running(), 0);
}

TEST_F(MonitoringTest, ForgetsWhatItHasFiledWhenItStops) {
  const auto monitor = begin();
  care.monitoring.start();
  rename_table("care_case", "hidden");
  rename_table("job", "hidden_job");
  care.monitoring.add(*monitor, {{0, 9, 0}});
  care.monitoring.end(monitor, false);
  rename_table("hidden", "care_case");
  rename_table("hidden_job", "job");
  care.monitoring.stop();
  EXPECT_EQ(alarms().size(), 1u);
  EXPECT_EQ(noted_as_running(), 0) << "or the next start says that it broke off";
}

TEST_F(MonitoringTest, FilesAtItsStartWhatNoDatabaseTookBeforeItWasKilled) {
  const std::filesystem::path owed = folder.path() / "owed";
  Events events;
  const Context context{*node.database, node.queue, node.ledger, node.record, node.archive,
                        node.registry,  events,     {},          {},          owed};
  const Intake intake(context);
  const auto files = [&] {
    return std::distance(std::filesystem::directory_iterator(owed), std::filesystem::directory_iterator());
  };
  const MonitorAlarm alarm{
      "a1", {"asystole", {"No beat", "无心搏"}, engine::Urgency::emergency, 0, 3.2}, node.queue.time()};
  const signal::Recording strip{.sampling_frequency = 250, .leads = {{"II", {0, 9, 0}}}};
  rename_table("care_case", "hidden");
  rename_table("job", "hidden_job");
  {
    MonitorFiling killed(context, intake);
    killed.file({id, alarm});
    killed.file({id, alarm, strip, kDevice});
    EXPECT_EQ(files(), 2);
  }
  rename_table("hidden", "care_case");
  rename_table("hidden_job", "job");
  std::ofstream(owed / "broken.json") << "{";
  {
    MonitorFiling next(context, intake);
    next.start();
    next.stop();
  }
  ASSERT_EQ(alarms().size(), 1u);
  EXPECT_EQ(alarms().at(0).text("text.zh"), "无心搏");
  EXPECT_NE(alarms().at(0).text("strip"), "");
  EXPECT_EQ(files(), 1) << "what cannot be read stays";
}

TEST_F(MonitoringTest, WritesAnAlarmBeforeItIsAcknowledged) {
  const auto monitor = begin();
  rename_table("care_case", "hidden");
  std::string shown;
  monitor->watch([&](const std::string& message) {
    if (const Json json = Json::parse(message); json.text("kind") == "alarm") shown = json.text("alarm.id");
    return true;
  });
  care.monitoring.add(*monitor, {{9}});
  rename_table("hidden", "care_case");
  care.monitoring.acknowledge(kDoctor, id, shown);
  node.seconds_ahead = 6;
  care.monitoring.run_due();
  ASSERT_EQ(alarms().size(), 1u);
  EXPECT_EQ(alarms().at(0).text("acknowledgedBy"), "Dr Li") << "nor is it written over";
  care.monitoring.end(monitor, false);
}

TEST_F(MonitoringTest, SaysAtItsStartWhichMonitorsBrokeOffWithIt) {
  const auto monitor = begin();
  start_again();
  EXPECT_EQ(alarms().size(), 0u) << "it runs";
  const std::string here = storage::this_process();
  note_as_of(here.substr(0, here.rfind('/')) + "/0", {});  // the same number, started at another time
  start_again();
  ASSERT_EQ(alarms().size(), 1u);
  EXPECT_EQ(alarms().at(0).text("kind"), "node-stopped");
  EXPECT_THAT(alarms().at(0).text("text.en"), HasSubstr("Bed 3"));
  EXPECT_EQ(page(id).text("urgency"), "today");
  start_again();
  EXPECT_EQ(alarms().size(), 1u) << "once";
}

TEST_F(MonitoringTest, TakesMonitorsOfAnotherMachineForBrokenOffAfterTwoMinutes) {
  const auto monitor = begin();
  note_as_of("boot/another machine/1/2", std::chrono::seconds(100));
  start_again();
  EXPECT_EQ(alarms().size(), 0u);
  note_as_of("boot/another machine/1/2", std::chrono::seconds(100));
  start_again();
  EXPECT_EQ(alarms().size(), 1u);
}

TEST_F(MonitoringTest, LetsOneOfTwoLinesGoOnThatComeAtOnce) {
  auto running = begin();
  for (int round = 0; round < 20; ++round) {
    std::latch both(2);
    Follower::gate = &both;
    std::array<std::shared_ptr<Monitor>, 2> lines;
    {
      const std::jthread one([&] { lines[0] = begin(); }), other([&] { lines[1] = begin(); });
    }
    Follower::gate = nullptr;
    EXPECT_TRUE(running->ended());
    ASSERT_NE(lines[0]->ended(), lines[1]->ended()) << round;
    running = lines[0]->ended() ? lines[1] : lines[0];
    EXPECT_EQ(care.monitoring.find(kDoctor, id), running);
  }
  care.monitoring.end(running, false);
}

}  // namespace
}  // namespace meridian::care
