// What changed from one reading of a patient to another by the same assistant: ECGs and pictures are judged
// against the earlier ones. Which pictures are held against each other: care/comparable.h.
#pragma once
#include "base/json.h"
#include "engine/card.h"

namespace meridian::care {

// now and before: drafts as draft_json gives them. {version: {before, now}, signed: whether the earlier one
// is, measurements: [{code, text, before: {value, display}, now, change: localized, trend:
// "larger"|"smaller"|null}], probabilities: [{code, text, before, now}], new: [text], gone: [text]}. Of an
// ECG heart rate, intervals and axis are measured; of a picture what both have in units of the body, of
// findings that stand alone of their code (of several nobody can say which was which), and a diameter is
// larger or smaller from 2 mm on (Fleischner Society 2017), a volume from 25 % on (MacMahon et al. 2017).
// Pixels and shares of pictures are not compared: who holds the camera nearer makes them larger. Texts are
// localized.
Json compare_ecgs(const Json& now, const Json& before);
Json compare_pictures(const Json& now, const Json& before);

// The comparison in a sentence, fit for a report. what: that with which it was compared ("the film of
// 2026-05-04").
engine::LocalizedText sentence_of(const Json& comparison, const engine::LocalizedText& what);

}  // namespace meridian::care
