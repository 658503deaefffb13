// DICOM images made from pictures: for what comes as PNG, JPEG or video, and for tests.
#pragma once
#include <string>

#include "base/time.h"
#include "vision/image.h"

namespace meridian::archive {

// Whose picture it is, and where it belongs. Texts are UTF-8.
struct PictureFacts {
  std::string patient_id, patient_name;             // "Wang^Xiuying=王^秀英"
  std::string birth_date, sex;                      // DICOM's DA and M, F or O; empty when unknown
  std::string study_uid, series_uid, instance_uid;  // empty: new ones
  std::string accession_number;
  std::string study_description;
  std::string institution;
  Instant taken{};
};

struct FilmFacts : PictureFacts {
  FilmFacts() { study_description = "Chest radiograph"; }
  std::string view_position = "PA";  // PA, AP, LL or RL
};

// Digital X-Ray Image Storage - For Presentation (PS3.3, A.26) of a chest, 12 bits, explicit VR little
// endian, as a Part 10 file. Throws invalid_value when the picture is empty, larger than 65535 a side, or not
// as large as it says.
std::string compose_film(const vision::GreyImage& image, const FilmFacts& facts);

// Secondary Capture Image Storage (PS3.3, A.8) in colour, 8 bits a channel, of the modality that took the
// picture ("ES", "OP", "US"), as a Part 10 file. Throws as compose_film does, and invalid_value for what is
// no modality.
std::string compose_capture(const vision::ColourImage& image, const std::string& modality,
                            const PictureFacts& facts);

}  // namespace meridian::archive
