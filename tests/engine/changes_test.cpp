#include "engine/changes.h"

#include <gtest/gtest.h>

namespace meridian::engine {
namespace {

const std::vector<LocalizedText> kProposed{{"Sinus rhythm, 72 bpm.", "窦性心律，72次/分。"},
                                           {"ST elevation in V2 to V4.", "V2至V4 ST段抬高。"}};

TEST(Changes, NoneWhenTheReportSaysWhatWasProposed) {
  EXPECT_EQ(changes_against_drafts(kProposed, "Sinus rhythm, 72 bpm. ST elevation in V2 to V4."), "");
  EXPECT_EQ(changes_against_drafts(kProposed, "窦性心律，72次/分。V2至V4 ST段抬高。"), "");
}

TEST(Changes, NameWhatWasAddedAndLeftOut) {
  EXPECT_EQ(
      changes_against_drafts(kProposed, "Sinus rhythm, 72 bpm.\nNo ischaemia at 3.1 mm. Repeat in 2 h."),
      "+ No ischaemia at 3.1 mm.\n+ Repeat in 2 h.\n- ST elevation in V2 to V4.");
}

TEST(Changes, AnEmptyReportLeavesOutEverything) {
  EXPECT_EQ(changes_against_drafts(kProposed, " \n"), "- Sinus rhythm, 72 bpm.\n- ST elevation in V2 to V4.");
  EXPECT_EQ(changes_against_drafts({}, ""), "");
}

}  // namespace
}  // namespace meridian::engine
