// Synthetic 12-lead ECGs for demonstrations and tests: the dynamical model of McSharry, Clifford, Tarassenko
// and Smith (IEEE Trans Biomed Eng 50:289, 2003), in which each beat is a turn around a limit cycle and each
// wave a Gaussian at its angle; with a set of amplitudes a lead, and fibrillation and ectopic beats as
// Clifford, Nemati and Sameni added them (Physiol Meas 31:595, 2010).
#pragma once
#include <cstdint>
#include <vector>

#include "signal/recording.h"

namespace meridian::signal {

// How the ventricles follow the atria. Wenckebach: of four P waves three are conducted, each later than the
// one before; mobitz: of four P waves three, all alike; complete: the ventricles beat by themselves, 38 a
// minute.
enum class SyntheticConduction { normal, wenckebach, mobitz, two_to_one, complete };

struct SyntheticEcg {
  std::uint64_t seed = 1;
  double seconds = 10;
  double sampling_frequency = 500;   // Hz
  double heart_rate = 70;            // beats a minute, mean
  double rate_variability = 0.03;    // standard deviation of RR over its mean, in sinus rhythm
  bool atrial_fibrillation = false;  // no P waves, fibrillatory waves, irregular RR
  SyntheticConduction conduction = SyntheticConduction::normal;  // heart_rate: of the atria then
  // Flutter waves a minute, 0: none. Every fourth is conducted, or every flutter_ratio-th.
  double flutter_rate = 0;
  int flutter_ratio = 4;
  bool paced = false;         // a spike and a wide complex for each beat, no P waves
  double premature_part = 0;  // part of the beats that are ventricular premature ones, 0 to 0.5
  double st_shift = 0;        // millivolts, in V2 to V4 (and in the other leads as it projects)
  double noise = 0.01;        // millivolts, root mean square of white (muscle) noise
  double wander = 0.05;       // millivolts, amplitude of the breathing baseline
  double mains = 0;           // millivolts, amplitude at 50 Hz
};

struct SyntheticBeat {
  std::int64_t sample = 0;  // of the R peak
  char aami_class = 'N';    // N, V or, paced, Q
};

struct AnnotatedEcg {
  Recording recording;
  std::vector<SyntheticBeat> beats;  // those within the recording
};

// The same options give the same recording. Throws invalid_value for options outside what a body does.
AnnotatedEcg make_annotated_ecg(const SyntheticEcg& options);
Recording make_ecg(const SyntheticEcg& options);

}  // namespace meridian::signal
