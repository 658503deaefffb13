#include "care/drop_folder.h"

#include <gtest/gtest.h>

#include <future>

#include "archive/waveform/reader.h"
#include "base/error.h"
#include "base/file.h"
#include "base/log.h"
#include "engine/node.h"

namespace meridian::care {
namespace {

namespace fs = std::filesystem;

class Drop : public testing::Test {
 protected:
  Drop() { set_log_level(LogLevel::off); }
  void put(const std::string& name, const std::string& bytes) { write_file(folder_.path() / name, bytes); }
  bool has(const std::string& name) const { return fs::exists(folder_.path() / name); }
  DropFolder::Take take() {
    return [this](const std::vector<archive::NamedBytes>& files) {
      std::string names;
      for (const auto& file : files) names += file.name + ";";
      taken_.push_back(names);
      if (names.starts_with("bad")) throw Error(ErrorCode::invalid_syntax, "This is not DICOM", "byte 0");
    };
  }
  TemporaryFolder folder_;
  std::vector<std::string> taken_;
};

TEST_F(Drop, TakesWhatLiesThereAndMovesIt) {
  DropFolder drop(folder_.path(), take());
  put("a.dcm", "a");
  put("half.dcm.part", "b");
  put(".hidden", "c");
  EXPECT_EQ(drop.scan(), 1);
  EXPECT_EQ(taken_, std::vector<std::string>{"a.dcm;"});
  EXPECT_TRUE(has("done/a.dcm") && !has("a.dcm") && has("half.dcm.part"));
  put("a.dcm", "again");
  EXPECT_EQ(drop.scan(), 1);
  EXPECT_TRUE(has("done/a (2).dcm"));
}

TEST_F(Drop, SaysWhyItRefused) {
  DropFolder drop(folder_.path(), take());
  put("bad.dcm", "x");
  drop.scan();
  ASSERT_TRUE(has("failed/bad.dcm"));
  EXPECT_NE(read_file(folder_.path() / "failed/bad.dcm.txt").find("This is not DICOM at byte 0"),
            std::string::npos);
  EXPECT_EQ(drop.scan(), 0);
}

TEST_F(Drop, AHeaderWaitsForItsSignals) {
  DropFolder drop(folder_.path(), take());
  put("100.dat", "s");
  EXPECT_EQ(drop.scan(), 0);
  put("100.hea", "100 2 360 10\n100.dat 16 200\n100.xyz 16 200\n# comment\n");
  EXPECT_EQ(drop.scan(), 0);
  put("100.xyz", "s");
  EXPECT_EQ(drop.scan(), 1);
  EXPECT_EQ(taken_, std::vector<std::string>{"100.hea;100.dat;100.xyz;"});
}

TEST_F(Drop, TakesARecordInSegmentsAtOnce) {
  DropFolder drop(folder_.path(), take());
  put("w.hea", "w/2 1 250 4\na 2\nb 2\n");
  put("a.hea", "a 1 250 2\na.dat 16 200\n");
  put("a.dat", "1234");
  put("b.dat", "1234");
  EXPECT_EQ(drop.scan(), 0);
  put("b.hea", "b 1 250 2\nb.dat 16 200\n");
  EXPECT_EQ(drop.scan(), 1);
  EXPECT_EQ(taken_, std::vector<std::string>{"w.hea;a.hea;a.dat;b.hea;b.dat;"});
}

TEST_F(Drop, ATableThatDeclaresNothingWaitsForItsJson) {
  DropFolder drop(folder_.path(), take());
  put("a.csv", "I\n1\n");
  put("b.csv", "# sampling_frequency: 250\n# unit: mV\nI\n1\n");
  EXPECT_EQ(drop.scan(), 1);
  put("a.json", "{}");
  EXPECT_EQ(drop.scan(), 1);
  EXPECT_EQ(taken_, (std::vector<std::string>{"b.csv;", "a.csv;a.json;"}));
}

TEST_F(Drop, TheCaseOfNamesDoesNotMatter) {
  DropFolder drop(folder_.path(), take());
  put("100.HEA", "100 1 360 10\n100.dat 16 200\n");
  put("100.DAT", "s");
  put("A.CSV", "I\n1\n");
  EXPECT_EQ(drop.scan(), 1);
  put("a.Json", "{}");
  EXPECT_EQ(drop.scan(), 1);
  EXPECT_EQ(taken_, (std::vector<std::string>{"100.HEA;100.DAT;", "A.CSV;a.Json;"}));
}

TEST_F(Drop, WhatWaitsForAnHourInVainIsRefused) {
  Instant time = parse_instant("2026-11-24T08:00:00Z");
  DropFolder drop(folder_.path(), take(), [&] { return time; });
  put("a.csv", "I\n1\n");
  put("b.json", "{}");
  put("c.dat", "s");
  put("d.hea", "d 1 360 10\nd.dat 16 200\n");
  EXPECT_EQ(drop.scan(), 0);
  time += std::chrono::minutes(59);
  put("e.json", "{}");
  EXPECT_EQ(drop.scan(), 0);
  time += std::chrono::minutes(1);
  EXPECT_EQ(drop.scan(), 4);
  EXPECT_TRUE(has("failed/b.json") && has("failed/c.dat") && has("failed/d.hea") && has("e.json"));
  EXPECT_NE(read_file(folder_.path() / "failed/a.csv.txt").find("a.json"), std::string::npos);
}

TEST_F(Drop, TwoRecordsThatShareAFileDoNotStopIt) {
  DropFolder drop(folder_.path(), take());
  put("a.hea", "a 2 360 1\ns.dat 16 200\nS.dat 16 200\n");
  put("b.hea", "b 1 360 1\ns.dat 16 200\n");
  put("s.dat", "1234");
  EXPECT_EQ(drop.scan(), 1);
  EXPECT_EQ(drop.scan(), 0);
  EXPECT_TRUE(has("b.hea"));
}

TEST_F(Drop, RefusesAHeaderThatIsTooLarge) {
  DropFolder drop(folder_.path(),
                  [](const std::vector<archive::NamedBytes>& files) { archive::read_recording(files); });
  put("a.hea", std::string((32u << 20) + 1, '#'));
  EXPECT_EQ(drop.scan(), 1);
  EXPECT_NE(read_file(folder_.path() / "failed/a.hea.txt").find("more than 32 MiB"), std::string::npos);
}

TEST_F(Drop, IsWatched) {
  std::promise<std::string> first, second;
  std::vector<std::promise<std::string>*> waiting{&second, &first};
  DropFolder drop(folder_.path(), [&](const std::vector<archive::NamedBytes>& files) {
    waiting.back()->set_value(files.front().name);
    waiting.pop_back();
  });
  put("before.dcm", "x");
  drop.start();
  EXPECT_EQ(first.get_future().get(), "before.dcm");
  put("after.dcm", "x");
  EXPECT_EQ(second.get_future().get(), "after.dcm");
  drop.stop();
  EXPECT_TRUE(has("done/after.dcm"));
}

TEST_F(Drop, DoesNotFollowLinksOut) {
  DropFolder drop(folder_.path(), take());
  fs::create_symlink("/etc/passwd", folder_.path() / "passwd.dcm");
  EXPECT_EQ(drop.scan(), 0);
}

}  // namespace
}  // namespace meridian::care
