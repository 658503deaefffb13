#include "app/bench/imaging_cases.h"

#include <algorithm>
#include <cstdlib>
#include <set>

#include "app/data/label_table.h"
#include "app/data/unpack.h"
#include "base/file.h"
#include "vision/look_alikes.h"

namespace meridian::app {
namespace {

namespace fs = std::filesystem;
using Cases = std::vector<ImagingCase>;
using Row = std::map<std::string, std::string>;

ImagingCase case_of(const std::string& set, std::string key, fs::path file) {
  const vision::Part part = vision::part_of(set, key);
  return {std::move(file), std::move(key), part, {}, {}, {}};
}

// An age's band of twenty years; empty when it is not said.
std::string age_band(const std::string& years) {
  if (years.empty()) return {};
  const int from = std::atoi(years.c_str()) / 20 * 20;
  return std::to_string(from) + "-" + std::to_string(from + 19);
}

// What is known of a case, by which groups are told.
std::map<std::string, std::string> known(std::map<std::string, std::string> about) {
  std::erase_if(about, [](const auto& one) { return one.second.empty(); });
  return about;
}

Cases pneumonia(const fs::path& data) {
  Cases cases;
  const LabelTable table =
      LabelTable::of_set(data, "kermany_cxr_224", {"image", "patient_id", "label", "subtype"});
  for (const Row& row : table.rows) {
    cases.push_back(case_of("kermany_cxr_224", row.at("patient_id"), table.folder / row.at("image")));
    cases.back().truth = {{"pneumonia", row.at("label") == "pneumonia"}};
  }
  return cases;
}

Cases fundus(const fs::path& data) {
  Cases cases;
  const LabelTable table =
      LabelTable::of_set(data, "odir_dr", {"image", "patient", "age", "sex", "dr_grade"});
  for (const Row& row : table.rows) {
    cases.push_back(case_of("odir_dr", row.at("patient"), table.folder / row.at("image")));
    cases.back().truth = {{"referable", std::atoi(row.at("dr_grade").c_str()) >= 2}};
    cases.back().about = known({{"sex", row.at("sex")}, {"age", age_band(row.at("age"))}});
  }
  return cases;
}

Cases fractures(const fs::path& data) {
  Cases cases;
  const LabelTable table = LabelTable::of_set(data, "fracture_xray", {"image", "label", "family"});
  for (const Row& row : table.rows) {
    cases.push_back(case_of("fracture_xray", row.at("image"), table.folder / row.at("image")));
    cases.back().truth = {{"fracture", row.at("label") == "fractured"}};
    cases.back().about = {{"family", row.at("family")}};
  }
  return cases;
}

// A set each of whose rows names one of the classes.
Cases one_of(const fs::path& data, const std::string& set, const std::string& file, const std::string& key,
             const std::vector<std::string>& classes) {
  Cases cases;
  const LabelTable table = LabelTable::of_set(data, set, {file, key, "label"});
  for (const Row& row : table.rows) {
    if (std::ranges::find(classes, row.at("label")) == classes.end()) continue;
    cases.push_back(case_of(set, row.at(key), table.folder / row.at(file)));
    for (const std::string& one : classes) cases.back().truth[one] = row.at("label") == one;
  }
  return cases;
}

Cases lung_tumours(const fs::path& data) {
  return one_of(data, "chest_ct_cancer", "image", "near_dup_group",
                {"adenocarcinoma", "squamous_cell_carcinoma", "large_cell_carcinoma"});
}

Cases cells(const fs::path& data) {
  return one_of(data, "herlev_cervix", "image", "field_prefix",
                {"normal_superficial", "normal_intermediate", "normal_columnar", "light_dysplastic",
                 "moderate_dysplastic", "severe_dysplastic", "carcinoma_in_situ"});
}

Cases stroke(const fs::path& data) {
  Cases cases;
  const LabelTable table = LabelTable::of_set(data, "brain_stroke_ct", {"file", "label", "patient"});
  for (const Row& row : table.rows) {
    cases.push_back(case_of("brain_stroke_ct", row.at("patient"), table.folder / row.at("file")));
    cases.back().truth = {{"stroke", row.at("label") == "Stroke"}};
  }
  return cases;
}

Cases haemorrhage(const fs::path& data) {
  const LabelTable table = LabelTable::of_set(data, "head_ct_hemorrhage", {"file", "hemorrhage"});
  std::map<std::string, vision::Signature> signatures;
  for (const Row& row : table.rows)
    signatures[row.at("file")] = vision::signature_of(read_file(table.folder / row.at("file")));
  const auto keys = vision::group_look_alikes(signatures);
  Cases cases;
  for (const Row& row : table.rows) {
    const std::string& file = row.at("file");
    cases.push_back(case_of("head_ct_hemorrhage", keys.at(file), table.folder / file));
    cases.back().truth = {{"haemorrhage", row.at("hemorrhage") == "1"}};
  }
  return cases;
}

// mdbNNN: MIAS numbers both breasts of a woman in a row.
Cases mammograms(const fs::path& data) {
  const LabelTable table = LabelTable::of_set(data, "mini_mias", {"file", "label"});
  Cases cases;
  for (const Row& row : table.rows) {
    const int number = std::atoi(row.at("file").substr(3, 3).c_str());
    cases.push_back(case_of("mini_mias", std::to_string((number + 1) / 2), table.folder / row.at("file")));
    cases.back().truth = {{"malignant", row.at("label") == "malignant"}};
  }
  return cases;
}

// BUSI and the pictures with masks are one set; groups of look-alikes with several labels are left out.
Cases breasts(const fs::path& data) {
  struct Found {
    fs::path file;
    std::string label;
    std::optional<fs::path> mask;
  };
  std::map<std::string, Found> found;
  const LabelTable busi = LabelTable::of_set(data, "busi", {"file", "label"});
  for (const Row& row : busi.rows)
    found["busi/" + row.at("file")] = {busi.folder / row.at("file"), row.at("label"), {}};
  const LabelTable masked = LabelTable::of_set(data, "busi_masks", {"image", "mask", "label"});
  for (const Row& row : masked.rows)
    found["busi_masks/" + row.at("image")] = {masked.folder / row.at("image"), row.at("label"),
                                              masked.folder / row.at("mask")};
  std::map<std::string, vision::Signature> signatures;
  for (const auto& [name, one] : found) signatures[name] = vision::signature_of(read_file(one.file));
  const auto keys = vision::group_look_alikes(signatures);
  std::map<std::string, std::set<std::string>> labels;
  for (const auto& [name, one] : found) labels[keys.at(name)].insert(one.label);
  Cases cases;
  for (const auto& [name, one] : found) {
    if (labels.at(keys.at(name)).size() > 1) continue;
    cases.push_back(case_of("busi", keys.at(name), one.file));
    for (const char* label : {"normal", "benign", "malignant"})
      cases.back().truth[label] = one.label == label;
    cases.back().mask = one.mask;
  }
  return cases;
}

Cases lesions(const fs::path& data) {
  Cases cases = breasts(data);
  std::erase_if(cases, [](const ImagingCase& one) { return !one.mask; });
  for (ImagingCase& one : cases) one.truth.clear();
  return cases;
}

Cases polyps(const fs::path& data) {
  Cases cases;
  const LabelTable table = LabelTable::of_set(data, "cvc_clinicdb", {"image", "mask", "sequence"});
  for (const Row& row : table.rows) {
    cases.push_back(case_of("cvc_clinicdb", row.at("sequence"), table.folder / row.at("image")));
    cases.back().mask = table.folder / row.at("mask");
  }
  return cases;
}

Cases with_label_files(const fs::path& data, const std::string& set) {
  Cases cases;
  const LabelTable table = LabelTable::of_set(data, set, {"file"});
  for (const Row& row : table.rows) {
    const std::string& file = row.at("file");
    if (!file.starts_with("images/")) continue;
    cases.push_back(case_of(set, file, table.folder / file));
    cases.back().mask = table.folder / ("labels/" + file.substr(std::string("images/").size()));
  }
  return cases;
}

Cases nuclei(const fs::path& data) {
  return with_label_files(data, "dsb2018_he");
}

Cases hippocampi(const fs::path& data) {
  return with_label_files(data, "msd_hippocampus");
}

Cases drive(const fs::path& data) {
  const fs::path folder = unpacked(data / "img" / "drive.tar") / "drive" / "training";
  Cases cases;
  for (const auto& entry : fs::directory_iterator(folder / "images")) {
    const std::string number = entry.path().filename().string().substr(0, 2);
    cases.push_back(case_of("drive", number, entry.path()));
    cases.back().mask = folder / "1st_manual" / (number + "_manual1.png");
  }
  return cases;
}

Cases chase(const fs::path& data) {
  const fs::path folder = unpacked(data / "img" / "chase_db1.tar") / "chase_db1";
  Cases cases;
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (entry.path().extension() != ".jpg") continue;
    cases.push_back(case_of("chase_db1", entry.path().filename().string().substr(6, 2), entry.path()));
    cases.back().mask = folder / (entry.path().stem().string() + "_1stHO.png");
  }
  return cases;
}

}  // namespace

const std::vector<ImagingTask>& imaging_tasks() {
  static const std::vector<ImagingTask> tasks{
      {"chest_pneumonia", "kermany_cxr_224", "", pneumonia},
      {"breast_us", "busi", "", breasts},
      {"breast_us", "busi_masks", "lesion", lesions},
      {"fundus_dr", "odir_dr", "", fundus},
      {"fundus_dr", "drive", "vessel", drive},
      {"fundus_dr", "chase_db1", "vessel", chase},
      {"head_ct", "head_ct_hemorrhage", "", haemorrhage},
      {"head_ct", "brain_stroke_ct", "", stroke},
      {"lung_ct", "chest_ct_cancer", "", lung_tumours},
      {"mammography", "mini_mias", "", mammograms},
      {"cervical_cytology", "herlev_cervix", "", cells},
      {"fracture", "fracture_xray", "", fractures},
      {"polyp", "cvc_clinicdb", "polyp", polyps},
      {"pathology", "dsb2018_he", "nucleus", nuclei},
      {"volume_segmentation", "msd_hippocampus", "labels", hippocampi}};
  return tasks;
}

}  // namespace meridian::app
