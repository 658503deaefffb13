#include "engine/reading_results.h"

#include <algorithm>
#include <array>

#include "archive/coding_scheme.h"
#include "archive/parse.h"
#include "archive/results/ecg_report.h"
#include "archive/results/key_objects.h"
#include "archive/results/measurement_report.h"
#include "archive/results/parametric_map.h"
#include "archive/results/segmentation.h"
#include "archive/slide/slide_frames.h"
#include "base/encoding.h"
#include "base/error.h"
#include "base/id.h"
#include "base/log.h"
#include "engine/input_loader.h"
#include "vision/heat_map.h"
#include "vision/region.h"

namespace meridian::engine {
namespace {

// The half of the range: where a place speaks more for the finding than not.
constexpr double kHot = 0.5;
// Series of results come after those of the modality in every viewer's list.
constexpr int kSegmentationSeries = 9001, kReportSeries = 9002, kKeyObjectSeries = 9003, kHeatSeries = 9004;

const archive::Code kAnatomy{"123037004", "SCT", "Anatomical Structure"},
    kAltered{"49755003", "SCT", "Morphologically Altered Structure"},
    kRegion{"111030", "DCM", "Image Region"};

archive::Code code_of(const std::string& token, const std::string& meaning) {
  const auto bar = token.find('|');
  if (bar == std::string::npos)
    throw Error(ErrorCode::invalid_value, "A code of a reading is system|code", token);
  const std::string_view scheme = archive::scheme_designator(std::string_view(token).substr(0, bar));
  const std::string value = token.substr(bar + 1);
  return {value, std::string(scheme), meaning.empty() ? value : meaning};
}

archive::Code unit_of(const std::string& ucum) {
  return {ucum.empty() ? "1" : ucum, "UCUM", ucum.empty() ? "no units" : ucum};
}

// A name from which the UIDs of a reading's objects follow.
std::string uid_of(const Json& reading, const char* what) {
  return dicom_uid_of(stable_id(
      {"reading-object", what, reading.text("assistant"), reading.text("version"), reading.text("input")}));
}

archive::ResultIdentity identity(const Json& reading, const char* kind, int series, const std::string& title,
                                 Instant made) {
  return {.series_uid = uid_of(reading, (std::string(kind) + "-series").c_str()),
          .instance_uid = uid_of(reading, kind),
          .series_number = series,
          .series_description = title,
          .made = made};
}

archive::Algorithm algorithm(const Json& reading, const std::string& title) {
  const std::string version = reading.text("version");
  return {title, version, dicom_uid_of(stable_id({"assistant-device", reading.text("assistant"), version}))};
}

archive::ReportedFinding reported(const Json& finding) {
  archive::ReportedFinding out{.code = code_of(finding.text("code"), finding.text("display")),
                               .present = finding.get("positive").as_bool(),
                               .sentence = finding.text("text"),
                               .probability = {},
                               .values = {}};
  if (const Json& probability = finding.get("probability"); probability.is_number())
    out.probability = probability.as_double();
  for (const Json& measurement : finding.get("measurements").items())
    out.values.push_back({code_of(measurement.text("code"), measurement.text("text")),
                          measurement.get("value").as_double(), unit_of(measurement.text("unit"))});
  return out;
}

std::vector<vision::Point> outline_of(const Json& polygon) {
  std::vector<vision::Point> outline;
  for (const Json& point : polygon.items())
    outline.push_back({point.at(0).as_double(), point.at(1).as_double()});
  return outline;
}

// The segments of all findings on one film, and which of them shows where each finding is.
class Segments {
 public:
  Segments(const Json& reading, int width, int height) : width_(width), height_(height) {
    for (const Json& finding : reading.get("findings").items()) add_finding(finding);
  }

  const std::vector<archive::Segment>& all() const { return all_; }
  int of_finding(std::size_t index) const { return index < numbers_.size() ? numbers_[index] : 0; }

 private:
  void add_finding(const Json& finding) {
    numbers_.push_back(0);
    const Json* evidence = finding.find("evidence");
    if (!evidence || !evidence->is_object()) return;
    if (const Json* regions = evidence->find("regions"))
      for (const Json& region : regions->items()) add_region(region);
    const Json* heat = evidence->find("heat_map");
    if (heat && finding.get("positive").as_bool()) add_heat(finding, *heat);
  }

  void add_region(const Json& region) {
    const std::string code = region.text("code");
    add({.label = region.text("label"),
         .category = code.empty() ? kAltered : kAnatomy,
         .type = code.empty() ? kRegion : code_of(code, region.text("display")),
         .mask = vision::fill_outline(outline_of(region.get("polygon")), width_, height_)});
  }

  void add_heat(const Json& finding, const Json& heat) {
    const bool added =
        add({.label = "Speaks for: " + finding.text("display"),
             .category = kAltered,
             .type = kRegion,
             .mask = vision::heat_map_mask(from_base64(heat.text("png")), kHot, width_, height_)});
    if (added) numbers_.back() = static_cast<int>(all_.size());
  }

  // An empty segment says nothing.
  bool add(archive::Segment segment) {
    if (std::ranges::find(segment.mask, 1) == segment.mask.end()) return false;
    all_.push_back(std::move(segment));
    return true;
  }

  const int width_, height_;
  std::vector<archive::Segment> all_;
  std::vector<int> numbers_;
};

std::vector<archive::ReportedFinding> all_findings(const Json& reading) {
  std::vector<archive::ReportedFinding> findings;
  for (const Json& finding : reading.get("findings").items()) findings.push_back(reported(finding));
  return findings;
}

const archive::ReportedFinding* first_present(const std::vector<archive::ReportedFinding>& findings) {
  const auto found = std::ranges::find(findings, true, &archive::ReportedFinding::present);
  return found == findings.end() ? nullptr : &*found;
}

// Masks of a whole slide's pixels would be larger than any object may be: what is outlined there stays in the
// evidence, and its heat is a parametric map.
Segments segments_on(const Json& reading, std::string_view image_file) {
  const archive::InstanceFacts facts = archive::parse_instance(std::string(image_file)).facts;
  if (archive::is_whole_slide(facts)) return {Json::object({{"findings", Json::array()}}), 0, 0};
  return {reading, facts.columns, facts.rows};
}

// A map that lies over the whole of a slide.
vision::GreyImage with_spacing(vision::GreyImage map, std::string_view image_file) {
  if (!archive::is_whole_slide(archive::parse_instance(std::string(image_file)).facts)) return map;
  const archive::SlideFrames slide = archive::read_slide_frames(archive::StoredImage::of_file(image_file));
  if (slide.spacing) map.spacing = *slide.spacing * static_cast<double>(slide.width) / map.width;
  return map;
}

// What speaks for the first finding that has such a map, at each place.
std::optional<std::string> heat_of(const Json& reading, std::string_view image_file,
                                   const archive::Algorithm& made_by,
                                   const archive::ResultIdentity& identity) {
  for (const Json& finding : reading.get("findings").items()) {
    const Json* evidence = finding.find("evidence");
    const Json* heat = evidence && evidence->is_object() ? evidence->find("heat_map") : nullptr;
    if (!heat || !finding.get("positive").as_bool()) continue;
    return archive::compose_parametric_map(
        image_file, with_spacing(vision::heat_of_png(from_base64(heat->text("png"))), image_file),
        {code_of(finding.text("code"), finding.text("display")), unit_of("1"),
         "Speaks for: " + finding.text("display")},
        made_by, identity);
  }
  return {};
}

bool is_ecg(std::string_view file) {
  return is_waveform(archive::parse_instance(std::string(file)).facts);
}

std::vector<std::string> image_results(const Json& reading, const std::string& title,
                                       std::string_view image_file, Instant made) {
  const Segments segments = segments_on(reading, image_file);
  const archive::Algorithm made_by = algorithm(reading, title);
  std::vector<archive::ReportedFinding> findings = all_findings(reading);
  for (std::size_t i = 0; i < findings.size(); ++i) findings[i].segment = segments.of_finding(i);

  std::vector<std::string> files;
  std::string segmentation;
  if (!segments.all().empty())
    files.push_back(segmentation = archive::compose_segmentation(
                        image_file, segments.all(), made_by,
                        identity(reading, "segmentation", kSegmentationSeries, title, made)));
  if (auto heat =
          heat_of(reading, image_file, made_by, identity(reading, "heat-map", kHeatSeries, title, made)))
    files.push_back(std::move(*heat));
  files.push_back(archive::compose_measurement_report(
      {.image_file = image_file,
       .segmentation_file = segmentation,
       .findings = findings,
       .algorithm = made_by,
       .identity = identity(reading, "report", kReportSeries, title, made),
       .verification = {}}));
  if (const archive::ReportedFinding* present = first_present(findings)) {
    const std::array<std::string_view, 1> key{image_file};
    files.push_back(archive::compose_key_objects(
        key, present->sentence, made_by, identity(reading, "key-objects", kKeyObjectSeries, title, made)));
  }
  return files;
}

}  // namespace

std::string segmentation_uid(const Json& reading) {
  return uid_of(reading, "segmentation");
}

std::vector<std::string> compose_results(const Json& reading, const std::string& title, std::string_view file,
                                         Instant made) {
  if (!is_ecg(file)) return image_results(reading, title, file, made);
  return {archive::compose_ecg_report({.waveform_file = file,
                                       .findings = all_findings(reading),
                                       .algorithm = algorithm(reading, title),
                                       .identity = identity(reading, "report", kReportSeries, title, made),
                                       .verification = {}})};
}

std::string compose_verified_report(const Json& reading, const std::string& title, std::string_view file,
                                    std::string_view segmentation_file,
                                    const std::vector<std::size_t>& accepted,
                                    const archive::Verification& verification) {
  const std::vector<archive::ReportedFinding> all = all_findings(reading);
  std::vector<archive::ReportedFinding> findings;
  for (const std::size_t index : accepted) findings.push_back(all.at(index));
  archive::ResultIdentity own = identity(reading, "report", kReportSeries, title, verification.at);
  archive::Verification following = verification;
  following.replaces = std::exchange(own.instance_uid, uid_of(reading, "verified-report"));
  if (is_ecg(file))
    return archive::compose_ecg_report({.waveform_file = file,
                                        .findings = findings,
                                        .algorithm = algorithm(reading, title),
                                        .identity = std::move(own),
                                        .verification = std::move(following)});
  const Segments segments = segments_on(reading, file);
  for (std::size_t i = 0; i < accepted.size(); ++i) findings[i].segment = segments.of_finding(accepted[i]);
  return archive::compose_measurement_report({.image_file = file,
                                              .segmentation_file = segmentation_file,
                                              .findings = findings,
                                              .algorithm = algorithm(reading, title),
                                              .identity = std::move(own),
                                              .verification = std::move(following)});
}

ReceivedResults::ReceivedResults(const archive::Archive& archive, const Card& card, const RunRequest& request,
                                 const Reading& reading)
    : archive_(archive) {
  if (request.instance.empty() || reading.findings.empty()) return;
  const auto facts = archive.find(request.instance);
  if (!facts) return;
  try {
    for (std::string& file : compose_results(to_json(reading, card, request.key()), card.title.en,
                                             archive.bytes(request.instance), now()))
      received_.push_back(archive.receive(std::move(file)));
  } catch (const Error& error) {
    log_error("results-not-made", {{"input", request.input()}, {"reason", error.describe()}});
  }
}

ReceivedResults::~ReceivedResults() {
  if (filed_) return;
  for (const archive::Received& object : received_) {
    try {
      archive_.discard(object);
    } catch (const Error& error) {
      log_warning("results-not-discarded", {{"reason", error.describe()}});  // the next start sweeps them
    }
  }
}

std::vector<archive::InstanceFacts> ReceivedResults::file(storage::Transaction& transaction) {
  transaction.after_commit([this] { filed_ = true; });
  std::vector<archive::InstanceFacts> facts;
  for (const archive::Received& object : received_) {
    archive_.replace(transaction, object);
    facts.push_back(object.facts);
  }
  return facts;
}

}  // namespace meridian::engine
