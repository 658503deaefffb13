#include "signal/lead_reversal.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

namespace meridian::signal {
namespace {

// Millivolts; how plain a sign must be. No ECG of PTB-XL's and LUDB's has all of one exchange (docs/ecg.md).
constexpr double kNoP = 0.01, kInvertedP = -0.03, kInvertedT = -0.05, kInvertedQrs = -0.1;
constexpr double kPlainP = -0.05, kPlainQrs = -0.2;  // of lead II, which a low atrial focus turns over too
constexpr double kPlainlyInverted = -0.3;            // of lead I without a P wave
constexpr double kUprightV6 = 0.3;                   // else the heart may lie on the right
constexpr double kSilent = 0.05, kLarge = 0.3, kAlike = 0.15;
constexpr double kSmoother =
    1;  // by how many of their ranges, of all waves together, chest leads must become so
constexpr double kRangeFloor = 0.1;  // mV

using Lead = LeadMeasurements;

double size_of(const Lead* lead) {
  if (!lead) return 0;
  return std::max(
      {std::fabs(lead->qrs.q), std::fabs(lead->qrs.r), std::fabs(lead->qrs.s), std::fabs(lead->t)});
}

class LimbLeads {
 public:
  explicit LimbLeads(const EcgMeasurements& measured)
      : i_(measured.lead("I")),
        ii_(measured.lead("II")),
        iii_(measured.lead("III")),
        avr_(measured.lead("aVR")),
        v6_(measured.lead("V6")) {}

  std::optional<LeadReversal> reversal() const {
    if (const auto found = right_leg()) return found;
    if (!v6_ || v6_->qrs_net() < kUprightV6 || !avr_) return std::nullopt;
    if (const auto found = right_arm_left_leg()) return found;
    return arms();
  }

 private:
  static ReversalSign p_of(const Lead& lead) { return {lead.lead, "P", lead.p}; }
  static ReversalSign qrs_of(const Lead& lead) { return {lead.lead, "QRS", lead.qrs_net()}; }
  static ReversalSign t_of(const Lead& lead) { return {lead.lead, "T", lead.t}; }

  // Between two limbs that the legs' electrodes lie on there is no voltage, and the other two leads are
  // alike.
  std::optional<LeadReversal> right_leg() const {
    struct Flat {
      const Lead *silent, *a, *b;
      double sign;  // of b against a
    };
    for (const Flat& flat : {Flat{ii_, i_, iii_, -1}, Flat{iii_, i_, ii_, 1}}) {
      if (size_of(flat.silent) > kSilent || size_of(flat.a) < kLarge || size_of(flat.b) < kLarge) continue;
      const double apart = std::fabs(flat.a->qrs_net() - flat.sign * flat.b->qrs_net()) +
                           std::fabs(flat.a->t - flat.sign * flat.b->t);
      if (apart > kAlike * (size_of(flat.a) + size_of(flat.b))) continue;
      return LeadReversal{
          Reversal::right_leg, {"I", "II", "III", "aVR", "aVL", "aVF"}, {qrs_of(*flat.a), qrs_of(*flat.b)}};
    }
    return std::nullopt;
  }

  std::optional<LeadReversal> right_arm_left_leg() const {
    if (!ii_ || ii_->p > kPlainP || ii_->qrs_net() > kPlainQrs || ii_->t > kInvertedT || avr_->p < 0)
      return std::nullopt;
    return LeadReversal{Reversal::right_arm_left_leg,
                        {"I", "II", "III", "aVR", "aVF"},
                        {p_of(*ii_), qrs_of(*ii_), t_of(*ii_)}};
  }

  // The P wave tells it from an infarction of the lateral wall; without one the T wave must do.
  std::optional<LeadReversal> arms() const {
    if (!i_ || i_->qrs_net() > kInvertedQrs || avr_->qrs_net() < 0) return std::nullopt;
    const bool without_p = std::fabs(i_->p) < kNoP;
    if (without_p ? i_->t > kInvertedT || i_->qrs_net() > kPlainlyInverted : i_->p > kInvertedP)
      return std::nullopt;
    return LeadReversal{
        Reversal::arms, {"I", "II", "III", "aVR", "aVL"}, {without_p ? t_of(*i_) : p_of(*i_), qrs_of(*i_)}};
  }

  const Lead *i_, *ii_, *iii_, *avr_, *v6_;
};

constexpr std::array kChest{"V1", "V2", "V3", "V4", "V5", "V6"};
using ChestLeads = std::array<const Lead*, kChest.size()>;

double roughness(const ChestLeads& leads) {
  static constexpr std::array<double (*)(const Lead&), 5> kWaves{
      [](const Lead& lead) { return lead.p; }, [](const Lead& lead) { return lead.qrs_net(); },
      [](const Lead& lead) { return lead.t; }, [](const Lead& lead) { return lead.qrs.r; },
      [](const Lead& lead) { return lead.qrs.s; }};
  double sum = 0;
  for (const auto wave : kWaves) {
    double steps = 0, low = wave(*leads[0]), high = low;
    for (std::size_t k = 1; k < leads.size(); ++k) {
      const double value = wave(*leads[k]);
      steps += std::fabs(value - wave(*leads[k - 1]));
      low = std::min(low, value);
      high = std::max(high, value);
    }
    sum += steps / (high - low + kRangeFloor);
  }
  return sum;
}

std::optional<LeadReversal> chest_reversal(const EcgMeasurements& measured) {
  ChestLeads leads{};
  for (std::size_t k = 0; k < leads.size(); ++k) {
    leads[k] = measured.lead(kChest[k]);
    if (!leads[k]) return std::nullopt;
  }
  const double now = roughness(leads);
  double most = kSmoother;
  std::optional<LeadReversal> found;
  for (std::size_t a = 0; a + 2 < leads.size(); ++a)  // V5 and V6 are too much alike
    for (std::size_t b = a + 1; b < leads.size(); ++b) {
      ChestLeads exchanged = leads;
      std::swap(exchanged[a], exchanged[b]);
      const double gain = now - roughness(exchanged);
      if (gain <= most) continue;
      most = gain;
      found = {Reversal::chest, {kChest[a], kChest[b]}, {}};
    }
  return found;
}

}  // namespace

std::optional<LeadReversal> find_lead_reversal(const EcgMeasurements& measured) {
  if (const auto limbs = LimbLeads(measured).reversal()) return limbs;
  return chest_reversal(measured);
}

}  // namespace meridian::signal
