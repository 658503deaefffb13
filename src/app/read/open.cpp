#include "app/read/open.h"

#include <algorithm>
#include <cctype>
#include <set>

#include "app/files_below.h"
#include "archive/nifti.h"
#include "archive/parse.h"
#include "archive/slide/open_slide.h"
#include "archive/slide/slide_file.h"
#include "archive/waveform/format.h"
#include "archive/waveform/plausibility.h"
#include "archive/waveform/reader.h"
#include "base/file.h"
#include "care/intake.h"
#include "engine/input_loader.h"
#include "vision/picture.h"

namespace meridian::app {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kLargestFile = std::size_t(1) << 30;

// "19590312" as 1959-03-12, which age_years takes.
std::string fhir_date(const std::string& dicom) {
  return dicom.size() == 8 ? dicom.substr(0, 4) + "-" + dicom.substr(4, 2) + "-" + dicom.substr(6)
                           : std::string();
}

Instant day_of_study(const archive::InstanceFacts& facts) {
  const std::string date = fhir_date(facts.study_date);
  return date.empty() ? now() : parse_instant(date + "T12:00:00Z");
}

OpenedInput opened_as(engine::Input input, archive::InstanceFacts facts = {}) {
  return {std::make_shared<const engine::Input>(std::move(input)), std::move(facts), {}};
}

OpenedInput open_dicom(const fs::path& file, std::string bytes) {
  engine::Input input;
  const archive::Parsed parsed = archive::parse_instance(std::move(bytes));
  const archive::InstanceFacts& facts = parsed.facts;
  input.image_facts = {facts.modality, facts.body_part, facts.view_position, facts.sop_class};
  input.subject.sex = facts.patient_sex == "M" ? "male" : facts.patient_sex == "F" ? "female" : "";
  input.subject.age_years = engine::age_years(fhir_date(facts.patient_birth_date), day_of_study(facts));
  if (archive::is_whole_slide(facts)) {
    input.slide = archive::open_slide(std::vector<std::string>{parsed.file});
  } else if (engine::is_waveform(facts)) {
    input.recording = archive::read_recording(file);
    archive::note_implausible(*input.recording);
    if (!input.subject.age_years) input.subject.age_years = input.recording->subject.age_years;
  } else {
    engine::put_pixels(input, archive::read_frame(parsed.file, 1));
  }
  return opened_as(std::move(input), facts);
}

// With the age at the time of the recording.
engine::Subject subject_of(const signal::Recording& recording) {
  const signal::RecordedSubject& subject = recording.subject;
  engine::Subject known{subject.sex, subject.age_years};
  if (!known.age_years)
    known.age_years = engine::age_years(subject.birth_date, recording.start.value_or(now()));
  return known;
}

OpenedInput open_recording(const fs::path& file) {
  engine::Input input;
  input.recording = archive::read_recording(file);
  archive::note_implausible(*input.recording);
  input.subject = subject_of(*input.recording);
  archive::InstanceFacts facts;
  facts.modality = "ECG";
  facts.sop_class = "1.2.840.10008.5.1.4.1.1.9.1.2";  // General ECG Waveform Storage
  return opened_as(std::move(input), std::move(facts));
}

OpenedInput open_picture(std::string_view bytes) {
  engine::Input input;
  vision::Picture picture = vision::decode_picture(bytes);
  input.image = std::move(picture.grey);
  input.colour = std::move(picture.colour);
  archive::InstanceFacts facts;
  facts.modality = "OT";
  return opened_as(std::move(input), std::move(facts));
}

OpenedInput open_volume(std::string_view bytes) {
  engine::Input input;
  archive::Nifti nifti = archive::read_nifti(bytes);
  input.volume = std::move(nifti.volume);
  OpenedInput opened = opened_as(std::move(input));
  opened.nifti_header = std::move(nifti.header);
  return opened;
}

// In this process: whoever reads a file of theirs on the command line does so as themselves.
OpenedInput open_slide(const fs::path& file) {
  engine::Input input;
  input.slide = std::make_shared<const archive::SlideFile>(file);
  input.image_facts.modality = "SM";
  archive::InstanceFacts facts;
  facts.modality = "SM";
  facts.sop_class = archive::kWholeSlideStorage;
  return opened_as(std::move(input), std::move(facts));
}

std::string folded_extension(const fs::path& file) {
  std::string extension = file.extension().string();
  std::transform(extension.begin(), extension.end(), extension.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return extension;
}

// Tables and XML documents are of many kinds; those that declare themselves recordings are inputs.
bool declares_recording(const fs::path& file) {
  const bool described = fs::exists(fs::path(file).replace_extension(".json"));
  return archive::recording_format_of(file) || (archive::needs_csv_sidecar(file) && described);
}

bool may_be_input(const fs::path& file) {
  static const std::set<std::string> kOthers{".dat", ".atr", ".qrs", ".txt", ".json",
                                             ".md",  ".tar", ".xz",  ".mat", ".xyz"};
  const std::string extension = folded_extension(file);
  if (file.filename().string().starts_with('.') || kOthers.contains(extension)) return false;
  return (extension != ".xml" && extension != ".csv") || declares_recording(file);
}

}  // namespace

OpenedInput open_input(const fs::path& file) {
  if (file.extension() == ".hea") return open_recording(file);
  if (archive::may_be_slide(file)) return open_slide(file);
  std::string bytes = read_file(file, kLargestFile);
  if (care::is_dicom(bytes)) return open_dicom(file, std::move(bytes));
  if (archive::is_nifti(bytes)) return open_volume(bytes);
  if (bytes.starts_with("\x89PNG") || bytes.starts_with("\xff\xd8")) return open_picture(bytes);
  return open_recording(file);
}

std::vector<fs::path> inputs_below(std::span<const fs::path> named) {
  std::vector<fs::path> files;
  for (const fs::path& path : named) {
    if (!fs::is_directory(path)) {
      files.push_back(path);
      continue;
    }
    for (const fs::path& file : files_below(path))
      if (may_be_input(file)) files.push_back(file);
  }
  return files;
}

}  // namespace meridian::app
