#include "record/definitions/definitions.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "record/definitions/model.h"

namespace meridian::record {
namespace {

TEST(Definitions, KnowEveryConcreteResourceTypeOfR4) {
  EXPECT_EQ(resource_types().size(), 146u);
  EXPECT_TRUE(std::ranges::is_sorted(resource_types()));
  EXPECT_TRUE(is_resource_type("Patient"));
  EXPECT_FALSE(is_resource_type("DomainResource"));
  EXPECT_FALSE(is_resource_type("HumanName"));
  EXPECT_FALSE(is_resource_type("patient"));
}

TEST(Definitions, ListAPatientsSearchParametersWithThoseOfItsBases) {
  const auto parameters = search_parameters("Patient");
  EXPECT_TRUE(std::ranges::is_sorted(parameters, {}, [](const auto* p) { return p->code; }));
  const SearchParameter* birthdate = find_search_parameter("Patient", "birthdate");
  ASSERT_TRUE(birthdate);
  EXPECT_EQ(birthdate->type, SearchType::date);
  EXPECT_NE(birthdate->expression.find("Patient.birthDate"), std::string_view::npos);
  ASSERT_TRUE(find_search_parameter("Patient", "_id"));
  ASSERT_TRUE(find_search_parameter("Patient", "_text"));
  EXPECT_FALSE(find_search_parameter("Binary", "_text"));
  EXPECT_FALSE(find_search_parameter("Patient", "subject"));
  EXPECT_TRUE(search_parameters("Nothing").empty());
}

TEST(Definitions, NameTheComponentsOfACompositeByTheirCodes) {
  const SearchParameter* composite = find_search_parameter("Observation", "code-value-quantity");
  ASSERT_TRUE(composite);
  ASSERT_EQ(composite->components.size(), 2u);
  for (const SearchComponent& component : composite->components)
    EXPECT_TRUE(find_search_parameter("Observation", component.definition)) << component.definition;
}

TEST(Definitions, NumberEachSearchParameterOnce) {
  std::map<std::uint16_t, std::string_view> urls;
  for (const std::string_view type : resource_types())
    for (const SearchParameter* parameter : search_parameters(type))
      EXPECT_EQ(urls.emplace(parameter->number, parameter->url).first->second, parameter->url);
  EXPECT_GT(urls.size(), 1300u);
}

TEST(Definitions, KnowTheCompartments) {
  const auto parameters = compartment_parameters("Patient", "AllergyIntolerance");
  EXPECT_EQ(std::vector<std::string_view>(parameters.begin(), parameters.end()),
            (std::vector<std::string_view>{"patient", "recorder", "asserter"}));
  EXPECT_TRUE(compartment_parameters("Patient", "Location").empty());
  EXPECT_TRUE(compartment_parameters("Nothing", "Observation").empty());
}

TEST(Definitions, SpreadChoicesOverTheirMembers) {
  const TypeDefinition* observation = find_type("Observation");
  ASSERT_TRUE(observation);
  const PropertyDefinition* property = observation->property("valueQuantity");
  ASSERT_TRUE(property);
  EXPECT_EQ(property->element->name, "value");
  EXPECT_TRUE(property->element->choice);
  EXPECT_EQ(property->type->type, find_type("Quantity"));
  EXPECT_FALSE(observation->property("value"));
  EXPECT_FALSE(observation->property("valueMoney"));
}

TEST(Definitions, FollowInlineTypesAndContentReferences) {
  const TypeDefinition* item = find_type("Questionnaire.item");
  ASSERT_TRUE(item);
  EXPECT_EQ(item->kind, TypeDefinition::Kind::backbone);
  EXPECT_TRUE(item->is_a(*find_type("BackboneElement")));
  EXPECT_EQ(item->property("item")->type->type, item);
  EXPECT_EQ(find_type("Patient")->property("contact")->type->type, find_type("Patient.contact"));
  EXPECT_TRUE(find_type("Age")->is_a(*find_type("Quantity")));
  EXPECT_FALSE(find_type("Quantity")->is_a(*find_type("Age")));
}

TEST(Definitions, CarryBindingsRulesAndTargets) {
  const TypeDefinition* patient = find_type("Patient");
  const ElementDefinition* gender = patient->element("gender");
  ASSERT_TRUE(gender && gender->binding);
  EXPECT_EQ(gender->binding->codes.size(), 4u);
  EXPECT_TRUE(contains_code(*gender->binding, "other"));
  EXPECT_TRUE(contains_code(*gender->binding, "http://hl7.org/fhir/administrative-gender", "other"));
  EXPECT_FALSE(contains_code(*gender->binding, "urn:else", "other"));
  EXPECT_FALSE(contains_code(*gender->binding, "Other"));
  EXPECT_FALSE(find_type("Attachment")->element("contentType")->binding->enumerated);
  EXPECT_EQ(find_type("Patient.contact")->invariants.back().key, "pat-1");
  EXPECT_EQ(patient->element("id")->types[0].type->name, "id");
  EXPECT_EQ(find_type("HumanName")->element("id")->types[0].type->name, "string");
  const auto targets = patient->element("managingOrganization")->types[0].targets;
  ASSERT_EQ(targets.size(), 1u);
  EXPECT_EQ(targets[0], "Organization");
}

}  // namespace
}  // namespace meridian::record
