#include "archive/attribute_xml.h"

#include <gtest/gtest.h>

#include "base/error_of.h"

namespace meridian::archive {
namespace {

std::string document(const std::string& attributes) {
  return "<NativeDicomModel>" + attributes + "</NativeDicomModel>";
}

std::string attribute(const std::string& tag, const std::string& number) {
  return "<DicomAttribute tag=\"" + tag + "\" vr=\"UI\"><Value number=\"" + number + "\"/></DicomAttribute>";
}

TEST(AttributeXml, LeavesPlacesBlank) {
  const Json dataset = read_dicom_xml(document(attribute("00080018", "3")));
  EXPECT_EQ(dataset.dump(), R"({"00080018":{"vr":"UI","Value":[null,null,""]}})");
}

TEST(AttributeXml, BoundsTheBlanksOfTheWholeDocument) {
  read_dicom_xml(document(attribute("00080018", "65537")));
  EXPECT_EQ(code_of([] { read_dicom_xml(document(attribute("00080018", "65538"))); }), ErrorCode::too_large);
  EXPECT_EQ(code_of([] {
              read_dicom_xml(document(attribute("00080018", "40000") + attribute("00080019", "40000")));
            }),
            ErrorCode::too_large);
}

TEST(AttributeXml, RefusesAnAttributeThatOccursTwice) {
  EXPECT_EQ(
      code_of([] { read_dicom_xml(document(attribute("00080018", "1") + attribute("00080018", "1"))); }),
      ErrorCode::invalid_structure);
}

}  // namespace
}  // namespace meridian::archive
