// A series of CT slices as it arrives, is read and judged.
#include <algorithm>

#include "archive/slice_facts.h"
#include "base/error_of.h"
#include "engine/ct_series.h"
#include "engine/draft.h"
#include "engine/node.h"
#include "engine/resources.h"

namespace meridian::engine {
namespace {

// Points to the brightest slice.
Reading brightest(const Input& input) {
  const vision::Volume& volume = *input.volume;
  const auto most = std::ranges::max_element(volume.voxels) - volume.voxels.begin();
  Finding found = finding("1", "Bright", Urgency::none, false);
  const auto slice = static_cast<std::int64_t>(most / (volume.width * volume.height) + 1);
  found.evidence =
      Json::object({{"slice", Json::object({{"number", slice}, {"of", std::int64_t{volume.depth}}})}});
  return {.findings = {found}};
}

class CtSeriesRuns : public testing::Test {
 protected:
  static Node::Assistants reader() {
    Node::Assistants assistants;
    assistants.push_back(
        scripted("slices", "CT", brightest, [](Json& card) { card["inputs"]["kind"] = "series"; }));
    return assistants;
  }

  CtSeriesRuns() : node(folder.path(), reader()) { node.put(R"({"resourceType": "Patient", "id": "p1"})"); }

  void arrive(int number, float brightness) {
    const archive::Received received = node.archive.receive(archive::ct_slice(number, brightness));
    node.record.write(trust::Principal::system(), [&](record::Writer& writer) {
      node.archive.file(writer.transaction(), received);
      request_matching_runs(writer, node.registry, received.facts,
                            {{}, received.facts.key.instance, {}, "Patient/p1", {}, {}});
    });
  }
  void ask_again() {
    node.record.write(trust::Principal::system(), [&](record::Writer& writer) {
      request_run(writer, {"slices", "1.2.9.1.1", {}, "Patient/p1", {}, {}, "1.2.9.1"});
    });
  }
  std::vector<Json> drafts(const std::string& status) {
    return node.find("DiagnosticReport", {{"status", status}});
  }
  void throw_out(const Json& report) {
    const trust::Principal clinician{"u1", "Dr Li", trust::Role::clinician, "Practitioner/li",
                                     "Organization/h"};
    node.record.write(trust::Principal::system(), [&](record::Writer& writer) {
      reject_draft(writer, clinician, report.text("id"), "Not the whole head");
    });
  }

  TemporaryFolder folder;
  Node node;
};

TEST_F(CtSeriesRuns, RestOnTheSliceThatIsNamedInTheOrderOfTheirNumbers) {
  arrive(10, 0.9F);
  arrive(2, 0.2F);
  node.run_all();
  const auto reports = drafts("preliminary");
  ASSERT_EQ(reports.size(), 1u);
  EXPECT_EQ(reports.front().get("identifier").at(1).text("value"), "urn:oid:1.2.9.1.10");
  const Json observation = node.read(reports.front().text("result.reference"));
  EXPECT_TRUE(has_coding(observation.get("category"),
                         "http://terminology.hl7.org/CodeSystem/observation-category", "imaging"));
}

TEST_F(CtSeriesRuns, SlicesThatComeAfterTheJudgementMakeAnotherDraft) {
  arrive(1, 0.9F);
  node.run_all();
  throw_out(drafts("preliminary").at(0));
  ask_again();
  node.run_all();
  EXPECT_TRUE(drafts("preliminary").empty()) << "nothing more has come";
  arrive(2, 0.95F);
  node.run_all();
  const auto reports = drafts("preliminary");
  ASSERT_EQ(reports.size(), 1u);
  EXPECT_EQ(reports.front().get("identifier").at(1).text("value"), "urn:oid:1.2.9.1.2");
  EXPECT_EQ(drafts("cancelled").size(), 1u);
  arrive(3, 0.1F);
  node.run_all();
  EXPECT_EQ(drafts("preliminary").size(), 1u) << "the new draft is brought up to date";
}

archive::FrameImage frame_of(int width, int height) {
  const std::vector<float> pixels(static_cast<std::size_t>(width) * static_cast<std::size_t>(height), 40.0F);
  archive::FrameImage frame;
  frame.hounsfield = vision::GreyImage{width, height, pixels, {}};
  return frame;
}

TEST(CtSeriesBuilder, LeavesOutWhatIsNoSliceOfIt) {
  CtSeriesBuilder builder;
  EXPECT_TRUE(builder.empty());
  EXPECT_TRUE(builder.add(frame_of(4, 4), "1.1"));
  EXPECT_FALSE(builder.add(frame_of(4, 5), "1.2"));
  EXPECT_FALSE(builder.add({}, "1.3"));
  const CtSeries series = builder.take();
  EXPECT_EQ(series.instances, std::vector<std::string>{"1.1"});
  EXPECT_EQ(series.volume.voxels.size(), 16u);
}

TEST(CtSeriesBuilder, RefusesMoreThanAThousandSlices) {
  CtSeriesBuilder builder;
  const archive::FrameImage frame = frame_of(1, 1);
  for (std::size_t i = 0; i < kMostSlices; ++i) builder.add(frame, "1.1");
  const auto error = error_of([&] { builder.add(frame, "1.1001"); });
  ASSERT_TRUE(error);
  EXPECT_EQ(error->code(), ErrorCode::too_large);
  EXPECT_NE(std::string(error->what()).find("more than 1000 slices"), std::string::npos);
  EXPECT_EQ(error->where(), "1.1001");
  EXPECT_EQ(builder.take().instances.size(), kMostSlices);
}

}  // namespace
}  // namespace meridian::engine
