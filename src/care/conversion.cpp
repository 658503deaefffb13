#include "care/conversion.h"

#include <fstream>

#include "archive/compose.h"
#include "archive/waveform/dicom_ecg_writer.h"
#include "archive/waveform/reader.h"
#include "base/encoding.h"
#include "base/error.h"
#include "base/file_name.h"
#include "base/id.h"
#include "vision/picture.h"

namespace meridian::care {
namespace {

constexpr double kMostColour = 0.1;  // films photographed or scanned in colour stay well below

struct Uids {
  std::string study, series, instance;
};

Uids uids_of(const std::vector<archive::NamedBytes>& files, const ConversionSubject& subject) {
  Sha256 digest;
  digest.update(subject.scope + "\n" + subject.patient_id + "\n");
  if (!subject.modality.empty()) digest.update(subject.modality + "\n" + subject.body_part + "\n");
  for (const archive::NamedBytes& file : files) {
    digest.update(std::to_string(file.bytes.size()) + "\n");
    digest.update(file.bytes);
  }
  const std::string name = to_hex(digest.finish());
  const std::string together = subject.series.empty() ? name : subject.scope + " " + subject.series;
  return {dicom_uid_of("study " + together), dicom_uid_of("series " + together),
          dicom_uid_of("instance " + name)};
}

// Whoever sends the same slide for the same patient twice sends one slide. It may be larger than memory.
std::string digest_of_slide(const std::filesystem::path& file, const ConversionSubject& subject) {
  std::ifstream in(file, std::ios::binary);
  if (!in) throw Error(ErrorCode::not_found, "The file cannot be read", file.string());
  Sha256 digest;
  digest.update(subject.scope + "\n" + subject.patient_id + "\n");
  std::string block(std::size_t(1) << 20, '\0');
  while (in.read(block.data(), static_cast<std::streamsize>(block.size())) || in.gcount() > 0)
    digest.update(std::string_view(block).substr(0, static_cast<std::size_t>(in.gcount())));
  return to_hex(digest.finish());
}

std::string first_of(std::initializer_list<std::string> texts) {
  for (const std::string& text : texts)
    if (!text.empty()) return text;
  return {};
}

}  // namespace

std::string dicom_date(std::string fhir_date) {
  std::erase(fhir_date, '-');
  return fhir_date.size() == 8 ? fhir_date : std::string();
}

std::string dicom_sex(const std::string& gender) {
  if (gender == "male") return "M";
  if (gender == "female") return "F";
  return gender == "other" ? "O" : "";
}

bool is_dicom(std::string_view bytes) {
  return bytes.size() > 132 && bytes.substr(128, 4) == "DICM";
}

bool is_picture(std::string_view bytes) {
  return bytes.starts_with("\x89PNG\r\n\x1a\n") || bytes.starts_with("\xff\xd8\xff");
}

std::string converted_instance_uid(const std::vector<archive::NamedBytes>& files,
                                   const ConversionSubject& subject) {
  return uids_of(files, subject).instance;
}

std::string dicom_of_recording(const std::vector<archive::NamedBytes>& files,
                               const ConversionSubject& subject, Instant arrived) {
  const signal::Recording recording = archive::read_recording(files);
  const signal::RecordedSubject& said = recording.subject;
  const Uids uids = uids_of(files, subject);
  archive::EcgFacts facts;
  facts.patient_id = first_of({subject.patient_id, said.id, stem_of(files.front().name)});
  facts.patient_name = first_of({subject.name, said.name});
  facts.patient_birth_date = first_of({dicom_date(said.birth_date), subject.birth_date});
  facts.patient_sex = first_of({dicom_sex(said.sex), subject.sex});
  if (said.age_years) facts.patient_age = archive::dicom_age(*said.age_years);
  facts.study_instance_uid = uids.study;
  facts.series_instance_uid = uids.series;
  facts.sop_instance_uid = uids.instance;
  facts.recorded = arrived;
  return archive::compose_ecg(recording, facts);
}

std::string strip_instance_uid(const std::string& name) {
  return dicom_uid_of("strip " + name);
}

std::string dicom_of_strip(const signal::Recording& recording, const std::string& name,
                           const std::string& title, const ConversionSubject& subject) {
  archive::EcgFacts facts;
  facts.patient_id = subject.patient_id;
  facts.patient_name = subject.name;
  facts.patient_birth_date = subject.birth_date;
  facts.patient_sex = subject.sex;
  facts.study_instance_uid = dicom_uid_of("study of strip " + name);
  facts.series_instance_uid = dicom_uid_of("series of strip " + name);
  facts.sop_instance_uid = strip_instance_uid(name);
  facts.study_description = title;
  return archive::compose_ecg(recording, facts);
}

archive::SlideFacts slide_facts(const std::filesystem::path& file, const std::string& name,
                                const ConversionSubject& subject, Instant arrived) {
  const std::string digest = digest_of_slide(file, subject);
  archive::SlideFacts facts;
  facts.patient_id = subject.patient_id.empty() ? stem_of(name) : subject.patient_id;
  facts.patient_name = subject.name;
  facts.birth_date = subject.birth_date;
  facts.sex = subject.sex;
  facts.study_uid = dicom_uid_of("study " + digest);
  facts.series_uid = dicom_uid_of("series " + digest);
  facts.container = stem_of(name);
  facts.taken = arrived;
  return facts;
}

std::string dicom_of_picture(const archive::NamedBytes& file, const ConversionSubject& subject,
                             Instant arrived) {
  const vision::Picture picture = vision::decode_picture(file.bytes);
  const bool is_film = subject.modality.empty();
  if (is_film && picture.colour && vision::colourfulness(*picture.colour) > kMostColour)
    throw Error(ErrorCode::unsupported_media_type, "This picture is in colour, and so no film", file.name,
                "Say which modality it is of, or send films as DICOM or as grey PNG or JPEG");
  const Uids uids = uids_of({file}, subject);
  archive::FilmFacts facts;
  facts.patient_id = subject.patient_id.empty() ? stem_of(file.name) : subject.patient_id;
  facts.patient_name = subject.name;
  facts.birth_date = subject.birth_date;
  facts.sex = subject.sex;
  facts.study_uid = uids.study;
  facts.series_uid = uids.series;
  facts.instance_uid = uids.instance;
  facts.instance_number = subject.number;
  facts.taken = arrived;
  if (is_film) return archive::compose_film(picture.grey, facts);
  facts.study_description = subject.modality;
  return archive::compose_picture(picture, facts, subject.modality, subject.body_part);
}

}  // namespace meridian::care
