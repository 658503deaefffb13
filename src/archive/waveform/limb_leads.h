// The limb leads that follow from two of them (Einthoven, Goldberger).
#pragma once
#include "signal/recording.h"

namespace meridian::archive {

// Where I and II are there: adds III = II - I, aVR = -(I + II) / 2, aVL = I - II / 2 and aVF = II - I / 2 as
// far as they are missing, and puts the twelve leads into their usual order, others behind them.
void add_derived_limb_leads(signal::Recording& recording);

}  // namespace meridian::archive
