// The one way in for recordings and films, whichever door they come through.
#pragma once
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "archive/archive.h"
#include "archive/parse.h"
#include "base/error.h"
#include "care/case_table.h"
#include "care/context.h"
#include "care/conversion.h"

namespace meridian::care {

// Where something comes from.
struct Origin {
  trust::Principal principal;  // who sends it: a person, a device
  std::string door;            // "dimse", "stow", "console", "drop-folder": the ledger names it
  std::string organization;    // "Organization/…" to which it belongs; empty: the principal's
  std::string case_id;         // the case that it is for; empty: found by its patient
  std::string modality = {};   // of pictures that do not say it, as DICOM names it; empty: films of the chest
  std::string body_part = {};  // likewise
  std::string series = {};     // names pictures that belong together; empty: each is a study of its own
  std::int64_t number = 1;     // of a picture among those of its series
  bool more_follow = false;    // of the same series at once: assistants are asked with the last
  bool in_time = false;        // it was recorded while its case was open, which may be signed by now
};

struct Taken {
  std::string instance, study, series;   // UIDs
  std::string patient, case_id;          // "Patient/…"; the Encounter's id
  bool duplicate = false;                // it was here already; nothing was changed
  std::vector<std::string> flaws = {};   // what is damaged or unusual in what was taken, in words
  std::vector<std::string> damage = {};  // those of them that are wrong with the file itself
};

class Intake {
 public:
  explicit Intake(const Context& context) : context_(context) {}

  // One DICOM file. When this returns, its bytes, its place in the archive's index, its patient and case, the
  // ledger entry and the jobs of the matching assistants are durable, and its ImagingStudy or the job that
  // brings it up to date (study_updates.h); when it throws, none of these is. Throws what Archive::receive
  // and file throw; forbidden when the principal may not record; not_found and conflict for the case
  // (unknown, signed, of another patient).
  Taken receive(std::string bytes, const Origin& origin) const;
  // The same of what is parsed already.
  Taken receive(archive::Parsed parsed, const Origin& origin) const;
  // The same of several that come together: of each, in their order, what receive() gives or throws. They
  // share a sync, and a commit where none of them is refused and their patients are known. Throws what
  // concerns all of them.
  std::vector<std::variant<Taken, Error>> receive_all(std::vector<archive::Parsed> parsed,
                                                      const Origin& origin) const;
  // What was uploaded or dropped together: DICOM files, recordings of the formats that are one file, the
  // files of one WFDB record, a CSV with its JSON, films as PNG or JPEG, or whole slides of one file. What is
  // not DICOM is made so first. Throws also unsupported_media_type and what the readers throw.
  std::vector<Taken> receive_files(const std::vector<archive::NamedBytes>& files, const Origin& origin) const;

  // A whole slide in a format of scanners, made DICOM first: a series of levels, taken in one by one, so that
  // what is interrupted is completed when it is sent again. name: how the file was called. Throws also
  // unsupported_media_type where slides are not converted, and what the converter throws.
  std::vector<Taken> receive_slide(const std::filesystem::path& file, const std::string& name,
                                   const Origin& origin, const SlideProgress& progress = {}) const;

  // A piece of a monitor's signal, for the origin's case, which may be signed by now; nobody is asked to read
  // it. name, title: as dicom_of_strip has them. Throws as receive, and what dicom_of_strip throws.
  Taken receive_strip(const signal::Recording& recording, const std::string& name, const std::string& title,
                      const Origin& origin) const;

  // Whether the origin's principal may add to its case: throws forbidden, and for the case as above. Returns
  // whose it is ("Patient/…").
  std::string require_case_to_add_to(const Origin& origin) const;

  // Whether the instance is safely kept: its bytes are read and checked. 0, or the failure reason of storage
  // commitment (PS3.3, C.14.1.1): no such instance, or none that the principal may see; of another class;
  // damaged.
  std::uint16_t commit(const trust::Principal& principal, const std::string& sop_class,
                       const std::string& instance) const;

 private:
  std::optional<Taken> find(const std::string& instance) const;
  // Whether a recording of it is here, which says whose it is.
  bool is_known_study(const std::string& study) const;
  std::optional<std::string> patient_of(const archive::InstanceFacts& facts, const Origin& origin) const;
  std::vector<Taken> receive_slide_bytes(const archive::NamedBytes& file, const Origin& origin) const;
  Taken receive_converted(const std::vector<archive::NamedBytes>& files, const Origin& origin) const;

  Context context_;
};

}  // namespace meridian::care
