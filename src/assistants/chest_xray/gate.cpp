#include "assistants/chest_xray/gate.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "assistants/chest_xray/film.h"
#include "vision/operations.h"

namespace meridian::assistants::chest_xray {
namespace {

constexpr int kSmallestSide = 160;           // pixels
constexpr double kSmallestDeviation = 0.02;  // of grey values from 0 to 1
constexpr double kYoungest = 15;             // years: the films that it learnt from are of adults

// DICOM PS3.3 C.7.3.1.1.1. OT and SC are what digitised films and pictures are stored as.
constexpr std::array<std::string_view, 6> kModalities{"CR", "DX", "RG", "RF", "OT", "SC"};
// PS3.3 C.8.11.5.1.1 View Position, and what older devices write.
constexpr std::array<std::string_view, 5> kFrontalViews{"PA", "AP", "AP ERECT", "POSTERO-ANTERIOR",
                                                        "ANTERO-POSTERIOR"};
constexpr std::array<std::string_view, 4> kChest{"CHEST", "THORAX", "LUNG", "RIB"};

bool contains_any(std::string_view text, std::span<const std::string_view> words) {
  return std::any_of(words.begin(), words.end(),
                     [&](std::string_view word) { return text.find(word) != std::string_view::npos; });
}

bool is_one_of(std::string_view text, std::span<const std::string_view> words) {
  return std::find(words.begin(), words.end(), text) != words.end();
}

enum Kind : std::size_t { frontal, inverted, turned, other };  // the gate's outputs, in their order

std::optional<Reason> reason_of(const std::vector<float>& kinds) {
  if (kinds[frontal] >= kSmallestFrontal) return std::nullopt;
  const auto likeliest =
      static_cast<std::size_t>(std::max_element(kinds.begin() + inverted, kinds.end()) - kinds.begin());
  if (kinds[likeliest] >= kSmallestFrontal && likeliest == inverted) return Reason::inverted;
  if (kinds[likeliest] >= kSmallestFrontal && likeliest == turned) return Reason::turned;
  return Reason::not_a_chest_film;
}

// The part of the gate's square map that the film fills.
vision::GreyImage without_padding(const engine::Tensor& map, const vision::GreyImage& film) {
  const int side = static_cast<int>(map.shape.back());
  return vision::crop({side, side, map.values, {}}, letterbox(film.width, film.height, side));
}

}  // namespace

std::optional<Reason> reason_before_looking(const engine::Input& input) {
  const engine::ImageFacts& facts = input.image_facts;
  if (!facts.modality.empty() && !is_one_of(facts.modality, kModalities)) return Reason::other_modality;
  if (!facts.body_part.empty() && !contains_any(facts.body_part, kChest)) return Reason::other_body_part;
  if (!facts.view_position.empty() && !is_one_of(facts.view_position, kFrontalViews))
    return Reason::lateral_view;
  if (input.subject.age_years && *input.subject.age_years < kYoungest) return Reason::child;
  if (!input.image) return Reason::blank;
  if (std::min(input.image->width, input.image->height) < kSmallestSide) return Reason::too_small;
  if (!(vision::deviation(*input.image) >= kSmallestDeviation)) return Reason::blank;  // also when it is NaN
  return std::nullopt;
}

std::variant<Admitted, Reason> look(const engine::Session& session, const vision::GreyImage& film) {
  const std::vector<engine::Tensor> outputs =
      session.run({{{1, 1, kGateSize, kGateSize}, gate_input(film).pixels}});
  const std::vector<float>& kinds = outputs.at(0).values;
  if (const auto reason = reason_of(kinds)) return *reason;
  auto lungs = find_lungs(without_padding(outputs.at(1), film));
  if (!lungs) return Reason::lungs_not_found;
  return Admitted{std::move(*lungs), kinds[frontal]};
}

}  // namespace meridian::assistants::chest_xray
