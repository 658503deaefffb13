#include "app/demo/region.h"

#include <gmock/gmock.h>

#include <set>

namespace meridian::app {
namespace {

const Instant kToday = parse_instant("2026-11-24T08:00:00Z");

TEST(Region, IsTheSameFromTheSameSeed) {
  const Region a = make_region(7, kToday), b = make_region(7, kToday), c = make_region(8, kToday);
  EXPECT_EQ(Json(a.resources), Json(b.resources));
  EXPECT_NE(Json(a.resources).dump(), Json(c.resources).dump());
}

TEST(Region, HasPeopleOfEachClinicWithBothScripts) {
  const Region region = make_region(7, kToday, 120);
  EXPECT_EQ(region.patients.size(), 120u);
  EXPECT_EQ(region.clinics.size(), 2u);
  std::set<std::string> ids, organizations;
  for (const Json& resource : region.resources) {
    EXPECT_TRUE(ids.insert(resource.text("resourceType") + "/" + resource.text("id")).second);
    if (resource.text("resourceType") != "Patient") continue;
    organizations.insert(resource.text("managingOrganization.reference"));
    EXPECT_EQ(resource.get("name").size(), 2u);
    EXPECT_LT(resource.text("birthDate"), "2026-01-01");
  }
  EXPECT_THAT(organizations, testing::UnorderedElementsAreArray(region.clinics));
}

TEST(Region, HasAnAccountForEachRole) {
  std::set<trust::Role> roles;
  const Region region = make_region(7, kToday, 4);
  for (const DemoAccount& demo : region.accounts) roles.insert(demo.account.role);
  using trust::Role;
  EXPECT_THAT(roles, testing::IsSupersetOf({Role::resident, Role::clinician, Role::specialist, Role::auditor,
                                            Role::administrator}));
}

}  // namespace
}  // namespace meridian::app
