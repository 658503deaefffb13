// The models of this assistant, together.
#pragma once
#include "assistants/ecg/beat_model.h"
#include "assistants/ecg/logistic_model.h"

namespace meridian::assistants::ecg {

struct Models {
  LogisticModel fibrillation;  // on signal/atrial_fibrillation.h
  BeatModel beats;
  LogisticModel p_waves;  // on signal/delineation.h
};

}  // namespace meridian::assistants::ecg
