// A digital X-ray image made from a grey picture: for films that come as PNG or JPEG, and for tests.
#pragma once
#include <string>

#include "base/time.h"
#include "vision/image.h"

namespace meridian::archive {

// Texts are UTF-8.
struct FilmFacts {
  std::string patient_id, patient_name;             // "Wang^Xiuying=王^秀英"
  std::string birth_date, sex;                      // DICOM's DA and M, F or O; empty when unknown
  std::string study_uid, series_uid, instance_uid;  // empty: new ones
  std::string accession_number;
  std::string study_description = "Chest radiograph";
  std::string institution;
  std::string view_position = "PA";  // PA, AP, LL or RL
  Instant taken{};
};

// Digital X-Ray Image Storage - For Presentation (PS3.3, A.26) of a chest, 12 bits, explicit VR little
// endian, as a Part 10 file. Throws invalid_value when the picture is empty, larger than 65535 a side, or not
// as large as it says.
std::string compose_film(const vision::GreyImage& image, const FilmFacts& facts);

}  // namespace meridian::archive
