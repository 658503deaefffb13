// Which assistants are asked when something arrives, and the jobs that ask them.
#pragma once
#include <string>
#include <string_view>

#include "archive/archive.h"
#include "engine/card.h"
#include "engine/registry.h"
#include "record/record.h"

namespace meridian::engine {

// One assistant, asked about one recording, film, series or resource. The payload of a job of the topic
// kRunTopic.
struct RunRequest {
  std::string assistant;
  std::string instance;       // SOP Instance UID, or empty when a resource is the input
  std::string resource;       // "Observation/…", or empty
  std::string patient;        // "Patient/…"
  std::string encounter;      // "Encounter/…": the case; may be empty
  std::string imaging_study;  // "ImagingStudy/…"; may be empty
  std::string series = {};  // Series Instance UID, when all its instances are the input: then instance is the
                            // one that the reading rests on, at first the one that asked

  const std::string& input() const { return instance.empty() ? resource : instance; }
  // What is the same for every run of one input.
  const std::string& key() const { return series.empty() ? input() : series; }
  Json to_json() const;
  static RunRequest from_json(const Json& json);
};

inline constexpr std::string_view kRunTopic = "assistant.run";

bool matches(const Card& card, const archive::InstanceFacts& facts);
bool matches(const Card& card, std::string_view resource_type);
// Whether its input is a whole series rather than one instance.
bool reads_series(const Card& card);

// One job; a second of the same assistant and input, while the first waits, is not added: a series that is
// still arriving is read again when more of it is here. They are in work one after the other, so that the
// draft is of the last.
void request_run(record::Writer& writer, const RunRequest& request);
// A job for each assistant whose card matches the instance; request names all but the assistant. Those that a
// person has switched off get one too, whose run leaves the reason in the record; those that their card keeps
// off get none. Returns how many.
int request_matching_runs(record::Writer& writer, const Registry& registry,
                          const archive::InstanceFacts& facts, RunRequest request);
// Has the record ask the assistants whose cards match a resource that is written; and again those whose
// unsigned drafts of the patient, there or being made, rest on what their cards ask of the record
// (inputs.resources), when such a resource is written; and those that had not the patient's consent, when
// that is written. Call before the first write.
void request_runs_on_write(record::Record& record, const Registry& registry);

}  // namespace meridian::engine
