#include "app/bench/diagnosis_reference.h"

#include <algorithm>
#include <fstream>
#include <map>

#include "app/bench/ecg_reference.h"
#include "base/file.h"

namespace meridian::app {
namespace {

namespace fs = std::filesystem;

// Fields of a line of CSV; commas within quotes do not part them.
std::vector<std::string> fields_of(const std::string& line) {
  std::vector<std::string> fields(1);
  bool quoted = false;
  for (const char c : line) {
    if (c == '"')
      quoted = !quoted;
    else if (c == ',' && !quoted)
      fields.emplace_back();
    else if (c != '\r')
      fields.back() += c;
  }
  return fields;
}

using Row = std::map<std::string, std::string>;

// By the names of the first line; a report may go over several lines within quotes.
std::vector<Row> read_table(const fs::path& path) {
  std::ifstream file(path);
  std::vector<Row> rows;
  std::vector<std::string> names;
  std::string whole;
  for (std::string line; std::getline(file, line);) {
    whole += (whole.empty() ? "" : " ") + line;
    if (std::count(whole.begin(), whole.end(), '"') % 2 != 0) continue;
    const auto fields = fields_of(whole);
    whole.clear();
    if (names.empty()) {
      names = fields;
      continue;
    }
    Row row;
    for (std::size_t i = 0; i < std::min(names.size(), fields.size()); ++i) row[names[i]] = fields[i];
    rows.push_back(std::move(row));
  }
  return rows;
}

void mark(const std::string& superclass, Superclasses& classes) {
  for (std::size_t k = 0; k < kSuperclasses.size(); ++k)
    if (superclass == kSuperclasses[k]) classes[k] = true;
}

bool says(const std::string& text, std::initializer_list<const char*> words) {
  return std::any_of(words.begin(), words.end(),
                     [&](const char* word) { return text.find(word) != std::string::npos; });
}

Superclasses classes_of_comments(const std::string& header) {
  Superclasses classes{};
  classes[1] = says(header, {"STEMI: ", "Scar formation"});
  classes[2] = says(header, {"Ischemia: ", "ischemia", "Non-specific repolari"});
  classes[3] = says(header, {"block", "conduction delay"});
  classes[4] = says(header, {"hypertrophy", "overload"});
  classes[0] = !classes[1] && !classes[2] && !classes[3] && !classes[4] && !says(header, {"pacing"});
  return classes;
}

}  // namespace

std::vector<DiagnosedEcg> ptb_xl_ecgs(const fs::path& folder, const fs::path& tables) {
  std::map<std::string, std::string> superclass_of;
  for (const Row& row : read_table(tables / "ptbxl_scp_statements.csv"))
    if (row.at("diagnostic") == "1.0") superclass_of[row.at("")] = row.at("diagnostic_class");
  std::vector<DiagnosedEcg> ecgs;
  for (const Row& row : read_table(tables / "ptbxl500.csv")) {
    DiagnosedEcg ecg{"ptbxl/" + row.at("ecg_id"),
                     folder / (row.at("filename_hr") + ".hea"),
                     static_cast<std::size_t>(std::stod(row.at("patient_id"))),
                     {},
                     false};
    if (!fs::exists(ecg.header)) continue;
    for (const auto& [code, superclass] : superclass_of)
      if (row.at("scp_codes").find("'" + code + "':") != std::string::npos) mark(superclass, ecg.classes);
    const auto has = [&](const char* code) { return row.at("scp_codes").find(code) != std::string::npos; };
    ecg.paced = has("'PACE':");
    ecg.flutter = has("'AFLT':");
    ecg.electrolytes = has("'EL':");
    ecgs.push_back(std::move(ecg));
  }
  return ecgs;
}

std::vector<DiagnosedEcg> ludb_ecgs(const fs::path& folder) {
  std::vector<DiagnosedEcg> ecgs;
  for (const fs::path& header : headers_in(folder / "data")) {
    const std::string record = header.stem().string();
    const std::string text = read_file(header);
    ecgs.push_back({"ludb/" + record, header, std::stoul(record), classes_of_comments(text),
                    says(text, {"pacing", "Pacemaker"}), says(text, {"flutter"}),
                    says(text, {"III degree AV-block"})});
  }
  return ecgs;
}

}  // namespace meridian::app
