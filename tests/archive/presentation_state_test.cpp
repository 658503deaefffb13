// Softcopy presentation states: what they say of an image is done to its picture.
#include <gmock/gmock.h>

#include <array>
#include <functional>

#include "archive/archive_fixture.h"
#include "archive/dataset.h"
#include "vision/picture.h"

namespace meridian::archive {
namespace {

constexpr int kWidth = 64, kHeight = 48;

class PresentationStateTest : public ArchiveTest {
 protected:
  PresentationStateTest() { store(compose_film(ramp(kWidth, kHeight), film_)); }

  // Of the film, with what else it says.
  std::string state(const std::function<void(DcmDataset&)>& say) {
    DcmDataset dataset;
    const std::string uid = new_dicom_uid();
    dataset.putAndInsertString(DCM_SOPClassUID, "1.2.840.10008.5.1.4.1.1.11.1");
    dataset.putAndInsertString(DCM_SOPInstanceUID, uid.c_str());
    dataset.putAndInsertString(DCM_StudyInstanceUID, film_.study_uid.c_str());
    dataset.putAndInsertString(DCM_SeriesInstanceUID, new_dicom_uid().c_str());
    dataset.putAndInsertString(DCM_PatientID, film_.patient_id.c_str());
    dataset.putAndInsertString(DCM_Modality, "PR");
    dataset.putAndInsertString(DCM_PresentationLUTShape, "IDENTITY");
    DcmItem *series = nullptr, *image = nullptr;
    dataset.findOrCreateSequenceItem(DCM_ReferencedSeriesSequence, series);
    series->putAndInsertString(DCM_SeriesInstanceUID, film_.series_uid.c_str());
    series->findOrCreateSequenceItem(DCM_ReferencedImageSequence, image);
    image->putAndInsertString(DCM_ReferencedSOPInstanceUID, film_.instance_uid.c_str());
    say(dataset);
    store(write_part10(dataset));
    return uid;
  }

  vision::GreyImage shown(const std::string& state, RenderOptions options = {}) {
    options.presentation_state = state;
    options.media_type = "image/png";
    return vision::decode_picture(archive_->render(film_.instance_uid, options)).grey;
  }
  vision::GreyImage shown(const std::function<void(DcmDataset&)>& say) { return shown(state(say)); }

  static float at(const vision::GreyImage& image, int x, int y) {
    return image.pixels[std::size_t(y) * std::size_t(image.width) + std::size_t(x)];
  }
  static DcmItem& item(DcmItem& of, const DcmTagKey& tag) {
    DcmItem* made = nullptr;
    of.findOrCreateSequenceItem(tag, made, -2);
    return *made;
  }

  static void put_area(DcmDataset& state, std::array<Sint32, 2> first, std::array<Sint32, 2> last) {
    DcmItem& area = item(state, DCM_DisplayedAreaSelectionSequence);
    for (const auto& [tag, corner] : {std::pair(DCM_DisplayedAreaTopLeftHandCorner, first),
                                      std::pair(DCM_DisplayedAreaBottomRightHandCorner, last)}) {
      auto element = std::make_unique<DcmSignedLong>(DcmTag(tag));
      element->putSint32Array(corner.data(), 2);
      area.insert(element.release());
    }
  }

  FilmFacts film_ = film_facts();
};

TEST_F(PresentationStateTest, ShowsTheImageAsItIsWhereNothingElseIsSaid) {
  const vision::GreyImage plain = shown([](DcmDataset&) {});
  ASSERT_EQ(plain.width, kWidth);
  ASSERT_EQ(plain.height, kHeight);
  EXPECT_LT(at(plain, 0, 5), 0.02);
  EXPECT_GT(at(plain, kWidth - 1, 5), 0.98);
}

TEST_F(PresentationStateTest, ExchangesBlackAndWhite) {
  const auto inverse =
      shown([](DcmDataset& state) { state.putAndInsertString(DCM_PresentationLUTShape, "INVERSE"); });
  EXPECT_GT(at(inverse, 0, 5), 0.98);
  EXPECT_LT(at(inverse, kWidth - 1, 5), 0.02);
}

TEST_F(PresentationStateTest, AppliesItsWindowToTheImagesThatItNames) {
  const auto windowed = [this](const std::string& of) {
    return shown([&](DcmDataset& state) {
      DcmItem& window = item(state, DCM_SoftcopyVOILUTSequence);
      window.putAndInsertString(DCM_WindowCenter, "1");
      window.putAndInsertString(DCM_WindowWidth, "1");
      item(window, DCM_ReferencedImageSequence).putAndInsertString(DCM_ReferencedSOPInstanceUID, of.c_str());
    });
  };
  const auto named = windowed(film_.instance_uid), other = windowed("1.2.3");
  EXPECT_EQ(at(named, 1, 5), 1);  // all but the first column is above it
  EXPECT_LT(at(other, 1, 5), 0.1);
}

TEST_F(PresentationStateTest, AppliesItsTableOfGreys) {
  const auto flat = shown([](DcmDataset& state) {
    DcmItem& table = item(state, DCM_PresentationLUTSequence);
    const Uint16 descriptor[] = {2, 0, 16}, data[] = {65535, 65535};
    table.putAndInsertUint16Array(DCM_LUTDescriptor, descriptor, 3);
    table.putAndInsertUint16Array(DCM_LUTData, data, 2);
  });
  EXPECT_GT(at(flat, 0, 5), 0.98);
  EXPECT_GT(at(flat, kWidth - 1, 5), 0.98);
}

TEST_F(PresentationStateTest, CutsTurnsAndFlips) {
  const auto turned = shown([](DcmDataset& state) {
    put_area(state, {33, 1}, {64, 16});
    state.putAndInsertUint16(DCM_ImageRotation, 90);
  });
  ASSERT_EQ(turned.width, 16);
  ASSERT_EQ(turned.height, 32);
  EXPECT_NEAR(at(turned, 5, 0), 32.0 / 63, 0.02);  // what was left is above
  EXPECT_GT(at(turned, 5, 31), 0.98);
  const auto flipped =
      shown([](DcmDataset& state) { state.putAndInsertString(DCM_ImageHorizontalFlip, "Y"); });
  EXPECT_GT(at(flipped, 0, 5), 0.98);
}

TEST_F(PresentationStateTest, CoversWhatAnyShutterHides) {
  const auto covered = shown([](DcmDataset& state) {
    state.putAndInsertString(DCM_PresentationLUTShape, "INVERSE");
    state.putAndInsertString(DCM_ShutterShape, "RECTANGULAR\\CIRCULAR");
    state.putAndInsertString(DCM_ShutterLeftVerticalEdge, "10");
    state.putAndInsertString(DCM_ShutterRightVerticalEdge, "30");
    state.putAndInsertString(DCM_ShutterUpperHorizontalEdge, "0");
    state.putAndInsertString(DCM_ShutterLowerHorizontalEdge, "49");
    state.putAndInsertString(DCM_CenterOfCircularShutter, "10\\20");
    state.putAndInsertString(DCM_RadiusOfCircularShutter, "8");
    state.putAndInsertUint16(DCM_ShutterPresentationValue, 0);
  });
  EXPECT_EQ(at(covered, 9, 9), 0);  // its tenth column is the edge
  EXPECT_GT(at(covered, 14, 9), 0.5);
  EXPECT_EQ(at(covered, 14, 30), 0);  // in the rectangle, not in the circle
  EXPECT_EQ(at(covered, 40, 9), 0);
}

TEST_F(PresentationStateTest, DrawsMarksWhereTheImageHasComeToLie) {
  const auto with_line = [this](const char* units, std::vector<Float32> data) {
    return shown([&](DcmDataset& state) {
      state.putAndInsertUint16(DCM_ImageRotation, 180);
      DcmItem& line = item(item(state, DCM_GraphicAnnotationSequence), DCM_GraphicObjectSequence);
      line.putAndInsertString(DCM_GraphicAnnotationUnits, units);
      line.putAndInsertString(DCM_GraphicType, "POLYLINE");
      line.putAndInsertString(DCM_GraphicFilled, "N");
      line.putAndInsertFloat32Array(DCM_GraphicData, data.data(), data.size());
    });
  };
  const auto in_pixels = with_line("PIXEL", {0, 10.5, 64, 10.5});
  EXPECT_GT(at(in_pixels, 60, kHeight - 11), 0.9);  // dark there without the line
  EXPECT_LT(at(in_pixels, 60, 10), 0.2);
  const auto of_display = with_line("DISPLAY", {0, 0.21875, 1, 0.21875});
  EXPECT_GT(at(of_display, 60, 10), 0.9);
}

TEST_F(PresentationStateTest, WritesItsTexts) {
  const auto written = [this](const char* text) {
    return shown([&](DcmDataset& state) {
      state.putAndInsertString(DCM_SpecificCharacterSet, "ISO_IR 192");
      DcmItem& object = item(item(state, DCM_GraphicAnnotationSequence), DCM_TextObjectSequence);
      object.putAndInsertString(DCM_AnchorPointAnnotationUnits, "PIXEL");
      const Float32 anchor[] = {2, 20};
      object.putAndInsertFloat32Array(DCM_AnchorPoint, anchor, 2);
      object.putAndInsertString(DCM_UnformattedTextValue, text);
    });
  };
  const auto none = written(""), nodule = written("结节");
  EXPECT_EQ(std::vector(none.pixels.begin(), none.pixels.begin() + 19 * kWidth),
            std::vector(nodule.pixels.begin(), nodule.pixels.begin() + 19 * kWidth));
  EXPECT_NE(none.pixels, nodule.pixels);
}

TEST_F(PresentationStateTest, RefusesWhatItDoesNotReferTo) {
  const std::string mine = state([](DcmDataset&) {});
  FilmFacts other = film_facts();
  store(compose_film(ramp(8, 8), other));
  const auto render = [&](const std::string& instance, const std::string& state) {
    return error_of([&] { archive_->render(instance, {.presentation_state = state}); })->code();
  };
  EXPECT_EQ(render(other.instance_uid, mine), ErrorCode::not_found);
  EXPECT_EQ(render(film_.instance_uid, "1.2.3"), ErrorCode::not_found);
  EXPECT_EQ(render(film_.instance_uid, other.instance_uid), ErrorCode::not_acceptable);
}

// Numbers that lie: nothing is drawn on their word, and nothing crashes.
TEST_F(PresentationStateTest, BearsNumbersThatLie) {
  const auto hostile = shown([](DcmDataset& state) {
    state.putAndInsertUint16(DCM_ImageRotation, 65535);
    state.putAndInsertString(DCM_ShutterShape, "CIRCULAR\\POLYGONAL");
    state.putAndInsertString(DCM_CenterOfCircularShutter, "-2147483648\\2147483647");
    state.putAndInsertString(DCM_RadiusOfCircularShutter, "2147483647");
    state.putAndInsertString(DCM_VerticesOfThePolygonalShutter, "1\\2\\3");
    put_area(state, {2147483647, -2147483647}, {-2147483647, 2147483647});
    DcmItem& annotation = item(state, DCM_GraphicAnnotationSequence);
    for (const char* type : {"POINT", "POLYLINE", "INTERPOLATED", "CIRCLE", "ELLIPSE", "SPIRAL"}) {
      DcmItem& graphic = item(annotation, DCM_GraphicObjectSequence);
      graphic.putAndInsertString(DCM_GraphicAnnotationUnits, "DISPLAY");
      graphic.putAndInsertString(DCM_GraphicType, type);
      const Float32 data[] = {3e38f, -3e38f, -3e38f, 3e38f, 0, 0, 1, 1};
      graphic.putAndInsertFloat32Array(DCM_GraphicData, data, 8);
    }
  });
  EXPECT_GT(hostile.width, 0);
}

}  // namespace
}  // namespace meridian::archive
