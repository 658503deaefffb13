#include "app/data/labelled_pictures.h"

#include "app/data/label_table.h"

namespace meridian::app {

std::string shenzhen_patient(const std::string& name) {
  return name.substr(0, name.rfind('_'));
}

std::vector<LabelledPicture> test_part(const std::filesystem::path& data, const PictureSet& set) {
  const std::string& label = set.label.empty() ? set.file : set.label;
  const LabelTable table = LabelTable::of_set(data, set.name, {set.file, set.key, label});
  std::vector<LabelledPicture> pictures;
  for (const auto& row : table.rows) {
    const std::string& key = row.at(set.key);
    const std::string patient = set.name == "shenzhen_tb" ? shenzhen_patient(key) : key;
    if (vision::part_of(set.name, patient) == vision::Part::test)
      pictures.push_back({table.folder / row.at(set.file), row.at(label)});
  }
  return pictures;
}

}  // namespace meridian::app
