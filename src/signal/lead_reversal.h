// Electrodes of a 12-lead ECG that seem to be exchanged.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "signal/ecg_measurements.h"

namespace meridian::signal {

enum class Reversal {
  arms,
  right_arm_left_leg,
  right_leg,  // with an arm
  chest,      // two of V1 to V6
};

struct ReversalSign {
  std::string lead, wave;  // "P", "QRS", "T"
  double millivolts = 0;
};

struct LeadReversal {
  Reversal kind = Reversal::arms;
  std::vector<std::string> leads;   // that do not show what their names say; of the chest the two exchanged
  std::vector<ReversalSign> signs;  // by which it was told; none of the chest
};

// The likeliest, of the leads that were measured; nothing where there is no plain sign of one, or where the
// heart may lie on the right. Limbs: what AHA/ACCF/HRS 2007 (Kligfield) describes, but for the left arm with
// the left leg, which looks like a healthy heart that lies otherwise. Chest: two leads whose exchange makes
// the waves change much less from lead to lead.
std::optional<LeadReversal> find_lead_reversal(const EcgMeasurements& measured);

}  // namespace meridian::signal
