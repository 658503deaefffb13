// DICOM images made from pictures: for what comes as PNG or JPEG, and for tests.
#pragma once
#include <string>

#include "base/time.h"
#include "vision/picture.h"

namespace meridian::archive {

// Texts are UTF-8.
struct FilmFacts {
  std::string patient_id, patient_name;             // "Wang^Xiuying=王^秀英"
  std::string birth_date, sex;                      // DICOM's DA and M, F or O; empty when unknown
  std::string study_uid, series_uid, instance_uid;  // empty: new ones
  std::int64_t instance_number = 1;                 // among those of the series
  std::string accession_number;
  std::string study_description = "Chest radiograph";
  std::string institution;
  std::string view_position = "PA";  // PA, AP, LL or RL; of films of the chest
  Instant taken{};
};

// Digital X-Ray Image Storage - For Presentation (PS3.3, A.26) of a chest, 12 bits, explicit VR little
// endian, as a Part 10 file. Throws invalid_value when the picture is empty, larger than 65535 a side, or not
// as large as it says.
std::string compose_film(const vision::GreyImage& image, const FilmFacts& facts);

// Of what a person says the picture shows: of a modality (DICOM PS3.3 C.7.3.1.1.1: US, OP, ES, GM, XC, MG,
// ...) and, where it is said, a Body Part Examined. The storage class is the modality's where it has one of
// single pictures in 8 bits, else Secondary Capture; view_position is not used. Throws as compose_film does,
// and invalid_value when either is no code string (PS3.5 6.2).
std::string compose_picture(const vision::Picture& picture, const FilmFacts& facts,
                            const std::string& modality, const std::string& body_part);

}  // namespace meridian::archive
