// From which rhythm each beat comes: the sinus node's, an ectopic focus of the atria or the AV junction, or
// atrial fibrillation. A hidden Markov model (Rabiner, Proc IEEE 77:257, 1989) of the rhythm and of the sinus
// node's cycle, which changes slowly: an ectopic beat comes clearly before that cycle ends and begins
// suddenly, a faster sinus rhythm comes by degrees, fibrillation scatters. So a run of ectopic beats, however
// long, does not become the rhythm to which beats are compared.
#pragma once
#include <span>
#include <vector>

namespace meridian::signal {

struct RhythmBeat {
  float rr = 0;              // s, since the beat before
  bool ventricular = false;  // known by its shape; says nothing about the atria
  // Log likelihood ratio of what is seen of its P wave: an ectopic focus over the sinus node.
  float other_p = 0;
  // The same of the P waves around it: none, as in fibrillation, over some.
  float no_p = 0;
};

struct RhythmProbabilities {
  float sinus = 0, ectopic = 0, fibrillation = 0;  // sum: 1; of a ventricular beat, of the rhythm around it
};

// Spreads are of the logarithm of RR intervals over the sinus cycle, parts of beats, changes of probability
// by beat. Chosen on the records of DS1 (de Chazal, O'Dwyer and Reilly 2004) for the F1 of class S.
struct RhythmParameters {
  float sinus_spread = 0.0335f, wide_sinus_spread = 0.0625f, wide_sinus_part = 0.03f, pause_part = 0.0065f;
  float prematurity = 0.12f, prematurity_edge = 0.0125f;  // least of an ectopic beat, and its softness
  float run_spread = 0.08f, run_part = 0.9f;              // of RR intervals in a row of ectopic beats
  float fibrillation_spread = 0.25f;
  float ectopic_begins = 0.074f, run_begins = 0.14f, run_ends = 0.15f;
  float fibrillation_begins = 0.0005f, fibrillation_ends = 0.0008f;
  float cycle_changes = 0.286f;  // up or down, by a step of 4 %
  float p_in_run = 0.375f;       // what the P wave of a beat within a run counts; it is like that before it
};

// One entry a beat. Memory grows with the result only.
std::vector<RhythmProbabilities> follow_rhythm(std::span<const RhythmBeat> beats,
                                               const RhythmParameters& parameters = {});

}  // namespace meridian::signal
