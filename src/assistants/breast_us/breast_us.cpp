#include "assistants/breast_us/assistant.h"

#include "assistants/imaging/follow_up.h"
#include "assistants/imaging/measurements.h"
#include "assistants/imaging/reader.h"
#include "vision/lesion_outline.h"

namespace meridian::assistants::breast_us {
namespace {

// Where a descriptor of BI-RADS is suspicious (not oval or round, not parallel, not circumscribed,
// shadowing): of 71 lesions that people outlined (busi_masks), 33 malignant, the first held in 82 % of the
// malignant and 8 % of the benign, the second in 18 % and 11 %, the third in 94 % and 8 %, the last in 36 %
// and none.
constexpr double kLeastOval = 0.85, kMostTall = 1, kLeastSmooth = 0.92, kLeastBehind = 0.75;

struct Descriptor {
  bool suspicious;
  engine::LocalizedText seen, unseen;
};

void describe(engine::Finding& finding, const vision::LesionOutline& outline) {
  const std::vector<Descriptor> descriptors{
      {outline.oval < kLeastOval, {"irregular shape", "形态不规则"}, {"oval or round", "椭圆形或圆形"}},
      {outline.tall > kMostTall, {"taller than wide", "纵横比大于1"}, {"parallel", "平行位"}},
      {outline.smooth < kLeastSmooth,
       {"margin not circumscribed", "边缘不光整"},
       {"circumscribed", "边缘光整"}},
      {outline.behind && *outline.behind < kLeastBehind,
       {"shadow behind it", "后方声影"},
       outline.behind ? engine::LocalizedText{"no shadow behind it", "后方无声影"}
                      : engine::LocalizedText{"what is behind it is not on the picture", "后方未在图中"}}};
  engine::LocalizedText said;
  int suspicious = 0;
  for (const Descriptor& one : descriptors) {
    const engine::LocalizedText& text = one.suspicious ? one.seen : one.unseen;
    said.en += (said.en.empty() ? "" : ", ") + text.en;
    said.zh += (said.zh.empty() ? "" : "、") + text.zh;
    suspicious += one.suspicious;
  }
  finding.text.en += " Outline: " + said.en + ".";
  finding.text.zh += "轮廓：" + said.zh + "。";
  auto& measured = finding.measurements;
  measured.push_back(imaging::as_ratio("oval", {"likeness to an oval", "椭圆度"}, outline.oval));
  measured.push_back(imaging::as_ratio("tall", {"height by width", "纵横比"}, outline.tall));
  measured.push_back(imaging::as_ratio("smooth", {"smoothness of the margin", "边缘光整度"}, outline.smooth));
  if (outline.behind)
    measured.push_back(
        imaging::as_ratio("behind", {"grey behind by beside", "后方与旁侧灰度比"}, *outline.behind));
  measured.push_back(imaging::as_count("suspicious-features",
                                       {"suspicious features of the outline", "轮廓的可疑特征"}, suspicious));
}

// The classifier names the lesion, the segmenter outlines it: a lesion that is outlined is measured and
// described. Each says so where the other sees none.
void complete(const engine::Input& input, engine::Reading& reading) {
  const engine::LabelMap* lesion = imaging::find_map(reading, "lesion");
  if (!lesion || reading.findings.empty()) return;
  const auto outline = vision::lesion_outline(imaging::inside(*lesion), *input.image);
  engine::Finding& finding = reading.findings.front();
  if (finding.positive != outline.has_value()) {
    finding.text.en += outline ? " The second network outlines a lesion here: look again."
                               : " The second network outlines no lesion: look again.";
    finding.text.zh += outline ? "另一网络在图中勾画出病灶：请复核。" : "另一网络未勾画出病灶：请复核。";
  }
  if (!finding.positive) return;
  imaging::show_outline(reading, "lesion", {"outline of the lesion", "病灶轮廓"}, input.image->spacing);
  if (outline) describe(finding, *outline);
}

}  // namespace

std::unique_ptr<engine::Assistant> make_assistant() {
  return imaging::make_reader("breast_us",
                              {.input = {"a breast ultrasound picture", "乳腺超声图像"},
                               .modalities = {"US", "OT", "SC"},
                               .body_parts = {"BREAST"},
                               .youngest = 18,
                               .smallest_side = 96},
                              imaging::both(complete, imaging::follow_up("breast_us")));
}

}  // namespace meridian::assistants::breast_us
