// DICOM objects for research: without what tells whose they are (PS3.15, E).
#pragma once
#include <string>
#include <vector>

#include "archive/deidentify/profile.h"
#include "archive/deidentify/pseudonyms.h"
#include "vision/operations.h"

namespace meridian::archive {

struct DeidentifyOptions {
  ProfileOptions profile;
  // Blanked on every image that is said, or not denied, to have text burnt into it.
  std::vector<vision::Box> burnt_in;
  // Takes images that do not say whether text is burnt in, of kinds that often have some, as if they had
  // none.
  bool trust_unflagged = false;
};

struct Deidentified {
  std::string file;
  std::string study, series, instance;  // its new UIDs
};

class Deidentifier {
 public:
  Deidentifier(const DeidentifyOptions& options, Pseudonyms pseudonyms);

  // The file by the profile, its kept texts in its own character set. Throws what parse_instance throws, and
  // refused for what cannot be made safe: text burnt into the pixels with no area to blank, recognizable
  // faces, an encapsulated document.
  Deidentified deidentify(const std::string& file) const;

 private:
  const DeidentifyOptions options_;
  const Profile profile_;
  const Pseudonyms pseudonyms_;
};

}  // namespace meridian::archive
