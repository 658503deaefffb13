// What cardiologists wrote about the 12-lead ECGs of PTB-XL and LUDB, as PTB-XL's diagnostic superclasses.
#pragma once
#include <array>
#include <filesystem>
#include <string>
#include <vector>

namespace meridian::app {

inline constexpr std::array<const char*, 5> kSuperclasses{"NORM", "MI", "STTC", "CD", "HYP"};
using Superclasses = std::array<bool, kSuperclasses.size()>;

struct DiagnosedEcg {
  std::string name;  // of the record, with the set before it
  std::filesystem::path header;
  std::size_t patient = 0;  // a number of the set
  Superclasses classes{};
  bool paced = false;
  bool flutter = false;         // of the atria
  bool complete_block = false;  // of the third degree; PTB-XL's part has none, and in LUDB's all are paced
  bool electrolytes = false;    // PTB-XL's "electrolytic disturbance"; LUDB does not say it
};

// PTB-XL: the superclasses of all diagnostic SCP-ECG statements. folder: the unpacked archive; tables: the
// folder with ptbxl500.csv and ptbxl_scp_statements.csv.
std::vector<DiagnosedEcg> ptb_xl_ecgs(const std::filesystem::path& folder,
                                      const std::filesystem::path& tables);
// LUDB, from the comments of its headers: infarctions, also suspected ones, and scars are MI, ischaemia and
// abnormal repolarisation STTC, blocks and delays CD, hypertrophy and overload HYP; NORM is none of them and
// no pacemaker.
std::vector<DiagnosedEcg> ludb_ecgs(const std::filesystem::path& folder);

}  // namespace meridian::app
