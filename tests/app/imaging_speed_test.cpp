#include "app/bench/imaging_speed.h"

#include <gtest/gtest.h>

#include "assistants/assistants.h"

namespace meridian::app {
namespace {

TEST(ImagingSpeed, LoadsTheNetworksOfEveryAssistantAndNoTables) {
  EXPECT_NO_THROW(EXPECT_GE(models_megabytes(assistants::all()), 0));
}

}  // namespace
}  // namespace meridian::app
