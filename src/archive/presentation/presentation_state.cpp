#include "archive/presentation/presentation_state.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>

#include "archive/character_set.h"
#include "archive/parse.h"
#include "archive/part10.h"
#include "archive/presentation/graphic_figures.h"
#include "base/error.h"

namespace meridian::archive {
namespace {

constexpr std::string_view kGrayscale = "1.2.840.10008.5.1.4.1.1.11.1",
                           kColour = "1.2.840.10008.5.1.4.1.1.11.2";
constexpr double kWhite = 65535;                 // P-value
constexpr unsigned long kMostNumbers = 100'000;  // of an element
constexpr std::size_t kMostMarks = 10'000;       // drawn; nobody could tell more apart

void each_item(DcmItem& of, const DcmTagKey& tag, const std::function<void(DcmItem&)>& look) {
  DcmSequenceOfItems* sequence = nullptr;
  if (of.findAndGetSequence(tag, sequence).bad() || !sequence) return;
  for (unsigned long i = 0; i < sequence->card(); ++i) look(*sequence->getItem(i));
}

std::string text_of(DcmItem& item, const DcmTagKey& tag) {
  OFString value;
  item.findAndGetOFStringArray(tag, value);
  while (!value.empty() && (value.back() == ' ' || value.back() == '\0')) value.pop_back();
  return {value.data(), value.size()};
}

// Of any VR of numbers.
std::vector<double> numbers_of(DcmItem& item, const DcmTagKey& tag) {
  std::vector<double> numbers;
  DcmElement* element = nullptr;
  if (item.findAndGetElement(tag, element).bad() || element->getNumberOfValues() > kMostNumbers)
    return numbers;
  for (unsigned long i = 0; i < element->getNumberOfValues(); ++i) {
    OFString text;
    if (element->getOFString(text, i).bad()) return {};
    bool is_number = false;
    numbers.push_back(OFStandard::atof(text.c_str(), &is_number));
    if (!is_number || !std::isfinite(numbers.back())) return {};
  }
  return numbers;
}

std::vector<int> frames_of(DcmItem& reference) {
  std::vector<int> frames;
  for (const double number : numbers_of(reference, DCM_ReferencedFrameNumber))
    if (number >= 1 && number < 1e9) frames.push_back(static_cast<int>(number));
  return frames;
}

bool covers(const std::vector<int>& frames, int frame) {
  return frames.empty() || std::ranges::find(frames, frame) != frames.end();
}

// Whether an item is of that frame: one that names no images is of all.
bool is_of(DcmItem& item, const std::string& instance, int frame) {
  bool names_any = false, is_named = false;
  each_item(item, DCM_ReferencedImageSequence, [&](DcmItem& reference) {
    names_any = true;
    is_named = is_named || (text_of(reference, DCM_ReferencedSOPInstanceUID) == instance &&
                            covers(frames_of(reference), frame));
  });
  return !names_any || is_named;
}

std::optional<std::pair<PlanePoint, PlanePoint>> area_of(DcmItem& item) {
  const auto first = numbers_of(item, DCM_DisplayedAreaTopLeftHandCorner),
             last = numbers_of(item, DCM_DisplayedAreaBottomRightHandCorner);
  if (first.size() != 2 || last.size() != 2) return {};
  return {{{first[0] - 1, first[1] - 1}, {last[0], last[1]}}};  // pixels are counted from 1
}

Shutter shutter_of(DcmItem& item) {
  Shutter shutter;
  const auto number = [&](const DcmTagKey& tag) {
    const auto values = numbers_of(item, tag);
    return values.empty() ? 0.0 : values.front();
  };
  const std::string shapes = "\\" + text_of(item, DCM_ShutterShape) + "\\";
  const auto has = [&](const char* shape) { return shapes.find(shape) != std::string::npos; };
  // The edges themselves are covered (C.7.6.11); rows and columns are counted from 1.
  if (has("\\RECTANGULAR\\"))
    shutter.rectangle = {
        {number(DCM_ShutterLeftVerticalEdge), number(DCM_ShutterUpperHorizontalEdge)},
        {number(DCM_ShutterRightVerticalEdge) - 1, number(DCM_ShutterLowerHorizontalEdge) - 1}};
  if (const auto center = numbers_of(item, DCM_CenterOfCircularShutter);
      has("\\CIRCULAR\\") && center.size() == 2)
    shutter.circle = {{center[1] - 0.5, center[0] - 0.5}, number(DCM_RadiusOfCircularShutter)};
  if (has("\\POLYGONAL\\")) {
    const auto vertices = numbers_of(item, DCM_VerticesOfThePolygonalShutter);
    for (std::size_t i = 0; i + 1 < vertices.size(); i += 2)
      shutter.polygon.push_back({vertices[i + 1] - 0.5, vertices[i] - 0.5});
  }
  shutter.grey = std::clamp(number(DCM_ShutterPresentationValue) / kWhite, 0.0, 1.0);
  return shutter;
}

MarkUnits units_of(DcmItem& item, const DcmTagKey& tag) {
  return text_of(item, tag) == "DISPLAY" ? MarkUnits::display : MarkUnits::pixels;
}

void add_graphic(DcmItem& item, std::vector<Mark>& marks) {
  Mark mark{units_of(item, DCM_GraphicAnnotationUnits),
            figure_of(text_of(item, DCM_GraphicType), numbers_of(item, DCM_GraphicData)),
            text_of(item, DCM_GraphicFilled) == "Y"};
  if (!mark.line.empty() && marks.size() < kMostMarks) marks.push_back(std::move(mark));
}

// At its box, or else at its anchor; where both are there and the anchor is to be seen, a line joins them.
void add_text(DcmItem& item, const std::string& character_sets, Presentation& to) {
  const auto box = numbers_of(item, DCM_BoundingBoxTopLeftHandCorner),
             opposite = numbers_of(item, DCM_BoundingBoxBottomRightHandCorner),
             anchor = numbers_of(item, DCM_AnchorPoint);
  const bool has_box = box.size() == 2 && opposite.size() == 2;
  if ((!has_box && anchor.size() != 2) || to.texts.size() >= kMostMarks) return;
  MarkText text;
  text.units = units_of(item, has_box ? DCM_BoundingBoxAnnotationUnits : DCM_AnchorPointAnnotationUnits);
  text.at = has_box ? PlanePoint{std::min(box[0], opposite[0]), std::min(box[1], opposite[1])}
                    : PlanePoint{anchor[0], anchor[1]};
  text.text = to_utf8(text_of(item, DCM_UnformattedTextValue), character_sets, "");
  std::erase(text.text, '\r');
  const MarkUnits anchored = units_of(item, DCM_AnchorPointAnnotationUnits);
  if (has_box && anchor.size() == 2 && anchored == text.units &&
      text_of(item, DCM_AnchorPointVisibility) == "Y" && to.marks.size() < kMostMarks)
    to.marks.push_back({anchored, {{anchor[0], anchor[1]}, text.at}, false});
  to.texts.push_back(std::move(text));
}

}  // namespace

bool is_presentation_state(std::string_view sop_class) {
  return sop_class == kGrayscale || sop_class == kColour;
}

PresentationState::PresentationState(std::string_view file) {
  Parsed parsed = parse_instance(std::string(file));
  if (!is_presentation_state(parsed.facts.sop_class))
    throw Error(ErrorCode::not_acceptable, "The instance is no presentation state that can be applied",
                "Instance " + parsed.facts.key.instance, "Grayscale and colour softcopy states can");
  const std::string native = inflate_part10(std::move(parsed.file));
  const FileMeta meta = read_file_meta(native);
  dataset_ = load_dataset(std::string_view(native).substr(meta.dataset_offset), *meta.syntax);
}

std::vector<ShownImage> PresentationState::images() const {
  std::vector<ShownImage> images;
  each_item(*dataset_, DCM_ReferencedSeriesSequence, [&](DcmItem& series) {
    each_item(series, DCM_ReferencedImageSequence, [&](DcmItem& reference) {
      images.push_back({text_of(reference, DCM_ReferencedSOPInstanceUID), frames_of(reference)});
    });
  });
  return images;
}

Presentation PresentationState::of(const std::string& instance, int frame) const {
  const auto all = images();
  if (std::ranges::none_of(all, [&](const ShownImage& image) {
        return image.instance == instance && covers(image.frames, frame);
      }))
    throw Error(ErrorCode::not_found, "The presentation state does not refer to that frame",
                "Instance " + instance);
  Presentation presentation;
  DcmItem& state = *dataset_;
  presentation.tables = std::make_shared<DcmDataset>();
  copy_values(state, *presentation.tables,
              {DCM_ModalityLUTSequence, DCM_RescaleIntercept, DCM_RescaleSlope, DCM_RescaleType,
               DCM_PresentationLUTSequence});
  each_item(state, DCM_SoftcopyVOILUTSequence, [&](DcmItem& item) {
    if (is_of(item, instance, frame))
      copy_values(item, *presentation.tables,
                  {DCM_WindowCenter, DCM_WindowWidth, DCM_VOILUTFunction, DCM_VOILUTSequence});
  });
  presentation.inverse = text_of(state, DCM_PresentationLUTShape) == "INVERSE";
  each_item(state, DCM_DisplayedAreaSelectionSequence, [&](DcmItem& item) {
    if (is_of(item, instance, frame)) presentation.area = area_of(item);
  });
  const auto turned = numbers_of(state, DCM_ImageRotation);
  if (!turned.empty()) presentation.quarter_turns = static_cast<int>(std::fmod(turned[0] / 90, 4));
  presentation.flipped = text_of(state, DCM_ImageHorizontalFlip) == "Y";
  presentation.shutter = shutter_of(state);
  const std::string character_sets = text_of(state, DCM_SpecificCharacterSet);
  each_item(state, DCM_GraphicAnnotationSequence, [&](DcmItem& item) {
    if (!is_of(item, instance, frame)) return;
    each_item(item, DCM_GraphicObjectSequence,
              [&](DcmItem& graphic) { add_graphic(graphic, presentation.marks); });
    each_item(item, DCM_TextObjectSequence,
              [&](DcmItem& text) { add_text(text, character_sets, presentation); });
  });
  return presentation;
}

}  // namespace meridian::archive
