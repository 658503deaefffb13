// How the ventricles follow the atria, as ACC/AHA/HRS 2018 (Kusumoto et al., Circulation 140:e382) defines AV
// block of the second and third degree.
#pragma once
#include <optional>
#include <span>
#include <vector>

#include "signal/atrial_waves.h"

namespace meridian::signal {

enum class AvBlock {
  wenckebach,  // second degree, Mobitz type I: PR grows until a P wave is not conducted
  mobitz,      // second degree, Mobitz type II: P waves are not conducted while PR stays
  two_to_one,  // every other P wave is conducted
  complete,    // third degree: regular, slow ventricles and faster atria with no relation
};

struct AvConduction {
  AvBlock block = AvBlock::complete;
  double atrial_rate = 0, ventricular_rate = 0;  // a minute
  std::vector<double> blocked;                   // s, P waves that were seen and not conducted
  double shortest_pr = 0, longest_pr = 0;        // s, middle of the P wave to the QRS onset
};

// qrs_onsets: s, ascending. Nothing without block of the second or third degree. Limits of ours beside the
// definitions: most of the visible P waves must be seen, two of the blocked ones (one of types I and II), and
// what is blocked looks in
// the leads like what is conducted, and PR stays when it varies by less than 40 ms.
std::optional<AvConduction> av_conduction(const AtrialRhythm& atria, std::span<const double> qrs_onsets);

}  // namespace meridian::signal
