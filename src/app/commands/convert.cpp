#include <cstdio>

#include "app/commands/commands.h"
#include "app/progress.h"
#include "app/slide_process.h"
#include "archive/slide/slide_file.h"
#include "archive/waveform/aecg_writer.h"
#include "archive/waveform/csv_writer.h"
#include "archive/waveform/dicom_ecg_writer.h"
#include "archive/waveform/fhir_writer.h"
#include "archive/waveform/plausibility.h"
#include "archive/waveform/reader.h"
#include "base/error.h"
#include "base/file.h"
#include "care/conversion.h"

namespace meridian::app {
namespace {

std::string dicom_of(const signal::Recording& recording) {
  archive::EcgFacts facts;
  facts.patient_id = recording.subject.id;
  facts.patient_name = recording.subject.name;
  facts.patient_birth_date = care::dicom_date(recording.subject.birth_date);
  facts.patient_sex = care::dicom_sex(recording.subject.sex);
  if (recording.subject.age_years) facts.patient_age = archive::dicom_age(*recording.subject.age_years);
  facts.recorded = now();
  return archive::compose_ecg(recording, facts);
}

std::string written_as(const std::string& extension, const signal::Recording& recording) {
  if (extension == ".dcm") return dicom_of(recording);
  if (extension == ".xml") return archive::compose_aecg(recording, now());
  if (extension == ".json") return archive::compose_ecg_observation(recording, now()).dump() + "\n";
  if (extension == ".csv") return archive::compose_csv_ecg(recording);
  throw Error(ErrorCode::usage, "No recording is written as \"" + extension + "\"", {},
              "Name the output .dcm (DICOM), .xml (HL7 aECG), .json (FHIR Observation) or .csv");
}

// The process that parses it has the limits of a node's (docs/decisions/0011).
void convert_slide(const std::filesystem::path& from, const std::filesystem::path& to) {
  if (!std::filesystem::create_directory(to))
    throw Error(ErrorCode::usage, "A slide is written into a new folder", to.string(), "Name another one");
  const archive::SlideFacts facts = care::slide_facts(from, from.filename().string(), {}, now());
  Progress progress("Converting", "tiles");
  slide_converter()({from, to, facts, [&](std::int64_t done, std::int64_t of) { progress.show(done, of); }});
  progress.end();
}

}  // namespace

void convert(const std::filesystem::path& from, const std::filesystem::path& to) {
  if (archive::may_be_slide(from)) return convert_slide(from, to);
  signal::Recording recording = archive::read_recording(from);
  archive::note_implausible(recording);
  write_file(to, written_as(to.extension().string(), recording));
  for (const std::string& part : recording.unread) std::fprintf(stderr, "not read: %s\n", part.c_str());
  for (const std::string& doubt : recording.doubts) std::fprintf(stderr, "doubtful: %s\n", doubt.c_str());
}

}  // namespace meridian::app
