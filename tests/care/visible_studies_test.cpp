#include "care/visible_studies.h"

#include "care/region.h"

namespace meridian::care {
namespace {

using archive::QueryLevel;

class VisibleStudiesTest : public RegionTest {
 protected:
  VisibleStudiesTest() {
    const std::string id = open_case();
    care.intake.receive(engine::ecg_file("P-1", "1.2.3.4"), from_console(id));
    care.intake.receive(engine::ecg_file("P-1", "1.2.3.5"), from_console(id));
  }
  std::size_t found(const trust::Principal& by, archive::Query query) {
    return care.find_images(by, query).size();
  }
};

TEST_F(VisibleStudiesTest, AreThoseOfPatientsInTheOrganizationsCare) {
  for (const QueryLevel level :
       {QueryLevel::patient, QueryLevel::study, QueryLevel::series, QueryLevel::instance}) {
    EXPECT_GT(found(kDevice, {.level = level, .keys = {}}), 0u);
    EXPECT_GT(found(kDoctor, {.level = level, .keys = {}}), 0u);
    EXPECT_EQ(found(kOtherDoctor, {.level = level, .keys = {}}), 0u);
    EXPECT_EQ(found(kEngineer, {.level = level, .keys = {}}), 0u);
    trust::Principal unbound = kDevice;
    unbound.organization.clear();
    EXPECT_EQ(found(unbound, {.level = level, .keys = {}}), 0u);
  }
}

TEST_F(VisibleStudiesTest, ComePageByPage) {
  const std::size_t all = found(kDoctor, {.level = QueryLevel::instance, .keys = {}});
  EXPECT_EQ(all, 2u);
  EXPECT_EQ(found(kDoctor, {.level = QueryLevel::instance, .keys = {}, .limit = 1}), 1u);
  EXPECT_EQ(found(kDoctor, {.level = QueryLevel::instance, .keys = {}, .offset = 1}), 1u);
  EXPECT_EQ(found(kDoctor, {.level = QueryLevel::instance, .keys = {}, .offset = 2}), 0u);
  EXPECT_EQ(found(kDoctor, {.level = QueryLevel::patient, .keys = {}}), 1u);
}

}  // namespace
}  // namespace meridian::care
