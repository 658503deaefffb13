// The models of this assistant, together.
#pragma once
#include "assistants/ecg/beat_model.h"
#include "assistants/ecg/fibrillation_model.h"

namespace meridian::assistants::ecg {

struct Models {
  FibrillationModel fibrillation;
  BeatModel beats;
};

}  // namespace meridian::assistants::ecg
