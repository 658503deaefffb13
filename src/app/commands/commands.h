// The commands of the program. Each does its work and returns; what goes wrong is an Error, whose code gives
// the exit status (docs/operation.md has the table).
#pragma once
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "app/bench/bench.h"
#include "app/configuration.h"
#include "app/monitor_sender.h"
#include "archive/deidentify/deidentify.h"
#include "doors/dimse/retrieve_user.h"

namespace meridian::app {

struct ReadOptions {
  std::vector<std::filesystem::path> files;  // recordings and films; a folder is read with all that it holds
  std::string assistant;                     // id; empty: all whose card matches
  std::filesystem::path html;                // a report with pictures; empty: none
  std::filesystem::path pdf;                 // of one ECG, to be printed; empty: none
  std::filesystem::path masks;               // a folder for label maps; empty: none are written
  std::filesystem::path pictures = {};       // a folder for pictures with what was found; empty: none are
  bool json = false;
  bool chinese = false;
};

struct WatchOptions {
  std::string source;  // a video file, a device or an address: archive/video.h
  std::string assistant = "polyp";
  bool json = false;
};

struct MonitorOptions {
  std::string source;
  MonitorTarget target;  // without a node the ECG is read here
};

struct ImportOptions {
  std::filesystem::path folder;
  std::string organization;         // "Organization/…" to which what is imported belongs
  std::string modality, body_part;  // of PNG and JPEG, which do not say it; empty: films of the chest
  std::string case_id = {};         // to which all are added; empty: to one of their patient's
};

struct FetchOptions {
  std::string peer;  // AE title; dicom.callers says where it is and whose
  doors::dimse::StudyFilter filter;
  bool list = false;  // only say what matches
  bool move = false;  // the peer sends to the running node (C-MOVE)
};

struct SendOptions {
  std::string peer;                          // AE title; dicom.callers says where it is
  std::vector<std::filesystem::path> files;  // DICOM; a folder with all that it holds
  bool commit = false;                       // ask then whether they are safely kept
};

struct DeidentifyCommand {
  std::filesystem::path folder, out;
  std::filesystem::path key;  // of the pseudonyms, made when missing; empty: one that nobody keeps
  archive::DeidentifyOptions options;
};

struct DemoOptions {
  std::filesystem::path data_folder = "demo-data";
  std::string database;  // a PostgreSQL's URL; empty: SQLite in the data folder
  int port = 8080;
  int dicom_port = 11112;
  std::uint64_t seed = 20261124;
};

// Runs until SIGTERM or SIGINT.
void serve(const Configuration& configuration);
void demo(const DemoOptions& options);
// The exit status: 0 when every input was read by an assistant, 65 when any was refused or unreadable.
int read(const ReadOptions& options);
// Writes drawings of what the assistants look at, to try them on without patients' pictures; their names are
// printed. Throws storage_full or unavailable.
void phantoms(const std::filesystem::path& folder);
// Prints what the assistant follows through the video, of a live one as it comes; with json each frame's.
void watch(const WatchOptions& options);
// Prints the beats and alarms of an ECG as it comes, a JSON object a line: of "-", a CSV with its layout
// declared on standard input, or of a recording of any format, replayed as fast as it goes; or sends it to a
// node, a recording at its own pace. Throws what MonitorSender throws.
void monitor(const MonitorOptions& options);
// Writes a recording of any format that is read as DICOM, HL7 aECG, FHIR or CSV, as the name of the output
// says; what was not read or is doubtful goes to standard error. Throws usage for another name. A whole slide
// becomes a folder of DICOM instances, which must not be there yet.
void convert(const std::filesystem::path& from, const std::filesystem::path& to);
void import(const Configuration& configuration, const ImportOptions& options);
// Studies of a PACS, by C-GET into the data folder of a node that does not run, or by C-MOVE to one that
// does. Throws refused when some instances did not come.
void fetch(const Configuration& configuration, const FetchOptions& options);
// Whether a PACS answers (C-ECHO). Throws unavailable.
void echo(const Configuration& configuration, const std::string& peer);
// DICOM files to a PACS (C-STORE), then its commitment to keep them. Throws unavailable when it is gone,
// after it has printed how far it came, refused when some were not taken or are not safely kept.
void send(const Configuration& configuration, const SendOptions& options);
// The DICOM files of a folder without what tells whose they are, each where its new UIDs say. Throws refused
// when some could not be written.
void deidentify(const DeidentifyCommand& command);
// The exit status: 0 when the ledger is intact, 76 when it is not.
int verify(const Configuration& configuration);
// Prints the studies whose time is over by the configured rules, what would become of each and why; removes
// nothing, and may be called while the node runs. Throws invalid_configuration when there is no rule.
void retention(const Configuration& configuration);
void backup(const Configuration& configuration, const std::filesystem::path& folder);
void restore(const Configuration& configuration, const std::filesystem::path& folder);
// Prints what the expression gives of the resource in the file, JSON or XML, an item a line.
void fhirpath(const std::string& expression, const std::filesystem::path& file);
// Prints what is wrong with the resources in the files, by R4, the profiles named and those that they claim,
// which are found in the packages' folders. The exit status: 0 when all are valid, else 65.
int validate(const std::vector<std::filesystem::path>& files,
             const std::vector<std::filesystem::path>& packages = {},
             const std::vector<std::string>& profiles = {});
// name: node, record, http, archive, ecg, film, imaging or all. The options' folder of work is made, and goes
// again.
int bench(const std::string& name, BenchOptions options);

}  // namespace meridian::app
