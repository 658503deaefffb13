// The program: reads the command line and calls the command.
#include <CLI/CLI.hpp>

#include <cstdio>
#include <iostream>

#include "app/commands/commands.h"
#include "app/slide_process.h"
#include "base/error.h"
#include "base/log.h"
#include "base/resource.h"

// jemalloc's own name for its settings: what is freed goes back to the system also when nothing runs.
extern "C" {
const char* malloc_conf = "background_thread:true,dirty_decay_ms:2000";
}

namespace {

using namespace meridian;
using namespace meridian::app;

std::string exit_statuses() {
  std::string text = "Exit status: 0 done";
  std::map<int, std::string> names;
  for (const ErrorTraits& row : error_table()) {
    std::string& list = names[row.exit_code];
    list += (list.empty() ? "" : ", ") + std::string(row.name);
  }
  for (const auto& [status, list] : names) text += "\n  " + std::to_string(status) + "  " + list;
  return text;
}

struct CommandLine {
  std::string configuration_file;
  bool print_configuration = false;
  DemoOptions demo;
  ReadOptions read;
  WatchOptions watch;
  ImportOptions import;
  FetchOptions fetch;
  SendOptions send;
  DeidentifyCommand deidentify;
  std::vector<std::string> blank;
  std::string folder;
  std::string bench = "all";
  BenchOptions measured;
  std::string expression;
  std::filesystem::path file;
  std::vector<std::filesystem::path> files;
  MonitorOptions monitor;
  std::vector<std::filesystem::path> packages;
  std::vector<std::string> profiles;
  std::string data = data_folder().string();

  Configuration configuration() const {
    return configuration_file.empty() ? Configuration() : Configuration::load(configuration_file);
  }
};

CLI::App* with_configuration(CLI::App* command, CommandLine& line) {
  command
      ->add_option("-c,--config", line.configuration_file,
                   "TOML file; without it the defaults hold (SQLite; PostgreSQL: database.url)")
      ->check(CLI::ExistingFile);
  return command;
}

void add_node_commands(CLI::App& app, CommandLine& line, int& status) {
  auto* serve_command =
      with_configuration(app.add_subcommand("serve", "Run a node until it is told to stop"), line);
  serve_command->add_flag("--print-configuration", line.print_configuration,
                          "Print the configuration in force as a TOML file, with its explanations, and end");
  serve_command->callback([&] {
    if (line.print_configuration)
      std::fputs(line.configuration().to_toml().c_str(), stdout);
    else
      serve(line.configuration());
  });

  auto* demo_command = app.add_subcommand("demo", "Run a node with a demonstration region on 127.0.0.1");
  demo_command->add_option("--port", line.demo.port, "Port of the console")
      ->capture_default_str()
      ->check(CLI::Range(0, 65535));
  demo_command->add_option("--dicom-port", line.demo.dicom_port, "Port of the DICOM service")
      ->capture_default_str()
      ->check(CLI::Range(0, 65535));
  demo_command
      ->add_option("--data-folder", line.demo.data_folder, "Where it is kept; a second start uses it again")
      ->capture_default_str();
  demo_command->add_option("--database", line.demo.database,
                           "postgresql://... of a PostgreSQL that holds none yet; without it SQLite");
  demo_command->add_option("--seed", line.demo.seed, "Of the people who are made up")->capture_default_str();
  demo_command->callback([&] { demo(line.demo); });

  auto* import_command = with_configuration(
      app.add_subcommand("import",
                         "Take a folder of recordings, films and FHIR bundles into a node's data folder"),
      line);
  import_command
      ->add_option(
          "folder", line.import.folder,
          "DICOM and other recordings, films, whole slides and FHIR files, in any depth; or one file")
      ->required()
      ->check(CLI::ExistingPath);
  import_command->add_option(
      "--case", line.import.case_id,
      "The case (the id of its Encounter) to which they are added; without it each is put "
      "into a case of its patient");
  import_command->add_option("--organization", line.import.organization,
                             "Organization/ID to which they belong");
  import_command->add_option(
      "--modality", line.import.modality,
      "Of PNG and JPEG, as DICOM names it (US, OP, ES); without it they are chest films");
  import_command
      ->add_option("--body-part", line.import.body_part, "That they show, as DICOM names it (BREAST)")
      ->needs("--modality");
  import_command->callback([&] { import(line.configuration(), line.import); });

  auto* verify_command = with_configuration(
      app.add_subcommand("verify", "Check the whole ledger, and say where it was changed"), line);
  verify_command->callback([&] { status = verify(line.configuration()); });

  auto* retention_command = with_configuration(
      app.add_subcommand("retention", "Print which studies are kept no longer by archive.retention"), line);
  retention_command->callback([&] { retention(line.configuration()); });

  auto* backup_command =
      with_configuration(app.add_subcommand("backup", "Copy a node's data, also while it runs"), line);
  backup_command->add_option("folder", line.folder, "A new folder")->required();
  backup_command->callback([&] { backup(line.configuration(), line.folder); });

  auto* restore_command =
      with_configuration(app.add_subcommand("restore", "Make a node's data folder from a backup"), line);
  restore_command->add_option("folder", line.folder, "The backup")->required()->check(CLI::ExistingDirectory);
  restore_command->callback([&] { restore(line.configuration(), line.folder); });
}

void add_fetch_command(CLI::App& app, CommandLine& line) {
  auto* command = with_configuration(app.add_subcommand("fetch", "Bring studies from a PACS here"), line);
  doors::dimse::StudyFilter& filter = line.fetch.filter;
  command->add_option("peer", line.fetch.peer, "Its AE title, of which dicom.callers has the address")
      ->required();
  command->add_option("--study", filter.study, "Study Instance UID");
  command->add_option("--patient", filter.patient_id, "Patient's identifier");
  command->add_option("--name", filter.patient_name, "Patient's name, with * and ?");
  command->add_option("--accession", filter.accession, "Accession number");
  command->add_option("--date", filter.date, "YYYYMMDD, or a range of two with - between");
  command->add_option("--modality", filter.modality, "Of one of its series, such as CT");
  command->add_flag("--list", line.fetch.list, "Only print what matches");
  command->add_flag("--move", line.fetch.move,
                    "The peer sends to the node that runs with this configuration (C-MOVE). Without it they "
                    "come over the same association (C-GET) into a node's data folder while it does not run");
  command->callback([&] { fetch(line.configuration(), line.fetch); });
}

void add_sending_commands(CLI::App& app, CommandLine& line) {
  const char* title = "Its AE title, of which dicom.callers has the address";
  auto* echo_command = with_configuration(app.add_subcommand("echo", "Ask whether a PACS answers"), line);
  echo_command->add_option("peer", line.send.peer, title)->required();
  echo_command->callback([&] { echo(line.configuration(), line.send.peer); });
  auto* send_command = with_configuration(app.add_subcommand("send", "Send DICOM files to a PACS"), line);
  send_command->add_option("peer", line.send.peer, title)->required();
  send_command->add_option("files", line.send.files, "DICOM files, or folders of them")
      ->required()
      ->check(CLI::ExistingPath);
  send_command->add_flag("--commit", line.send.commit,
                         "Ask then whether the PACS keeps them safely (storage commitment), and wait for its "
                         "report: on the same association, or at this node's port, which must not run");
  send_command->callback([&] { send(line.configuration(), line.send); });
}

void add_reading_commands(CLI::App& app, CommandLine& line, int& status) {
  auto* read_command = app.add_subcommand("read", "Read ECGs, films and other images, without a node");
  read_command
      ->add_option("files", line.read.files,
                   "Recordings (DICOM, WFDB's .hea, EDF, SCP-ECG, HL7 aECG, MUSE, Philips, CSV), pictures "
                   "(DICOM, PNG, JPEG, NIfTI), or folders of them")
      ->required();
  read_command->add_option("--as,--assistant", line.read.assistant,
                           "Ask this one, as a picture says nothing of what it shows; without it, all whose "
                           "card matches");
  read_command->add_option("--masks", line.read.masks,
                           "Write what is outlined there: PNG or NIfTI of the input's size");
  read_command->add_option("--pictures", line.read.pictures,
                           "Write each picture there with what was found drawn over it (JPEG)");
  read_command->add_option("--html", line.read.html, "Write a report with pictures");
  read_command->add_option("--pdf", line.read.pdf, "Write one ECG on paper to be printed");
  read_command->add_flag("--json", line.read.json,
                         "One JSON object an input and line; docs/reading.schema.json");
  read_command->add_flag("--zh", line.read.chinese, "Print in Chinese");
  read_command->callback([&] { status = read(line.read); });

  auto* phantoms_command =
      app.add_subcommand("phantoms", "Write drawn pictures to try the assistants on, which show no patient");
  phantoms_command->add_option("folder", line.folder, "Where to")->required();
  phantoms_command->callback([&] { phantoms(line.folder); });

  auto* watch_command = app.add_subcommand("watch", "Follow what an assistant sees through a video, or live");
  watch_command
      ->add_option("source", line.watch.source,
                   "A video file, a device (/dev/video0) or an address (rtsp://...)")
      ->required();
  watch_command->add_option("--assistant", line.watch.assistant, "Ask this one")->capture_default_str();
  watch_command->add_flag("--json", line.watch.json, "One JSON object a frame and line");
  watch_command->callback([&] { watch(line.watch); });

  auto* monitor_command =
      app.add_subcommand("monitor", "Print the beats and alarms of an ECG as it comes; docs/recordings.md");
  monitor_command
      ->add_option("source", line.monitor.source,
                   "- for a CSV on standard input, or a recording to be replayed")
      ->required();
  MonitorTarget& target = line.monitor.target;
  auto* node_option = monitor_command->add_option(
      "--node", target.node, "Send it to this node (https://clinic.example), whose console shows it");
  auto* case_option = monitor_command->add_option("--case", target.case_id, "The case that it is for");
  auto* user_option = monitor_command->add_option("--user", target.user, "Who signs in to the node");
  auto* password_option = monitor_command->add_option("--password-file", target.password_file,
                                                      "The first line of this file is the password");
  node_option->needs(case_option, user_option, password_option);
  monitor_command->add_option("--name", target.name, "Of the monitor, as the console shows it")
      ->capture_default_str();
  monitor_command->add_option("--authorities", target.authorities,
                              "PEM of who vouches for the node, beside those of the system");
  monitor_command->callback([&] { monitor(line.monitor); });

  auto* convert_command =
      app.add_subcommand("convert",
                         "Write a recording as DICOM, HL7 aECG, FHIR or CSV, or a whole slide as DICOM; "
                         "docs/recordings.md, docs/imaging.md");
  convert_command->add_option("from", line.file, "A recording of any format that is read, or a whole slide")
      ->required()
      ->check(CLI::ExistingFile);
  convert_command
      ->add_option(
          "to", line.folder,
          "The file to write: .dcm, .xml (aECG), .json (FHIR Observation) or .csv; for a slide a new folder")
      ->required();
  convert_command->callback([&] { convert(line.file, line.folder); });

  auto* slide_command = app.add_subcommand("slide-process", "The process in which a node converts slides");
  slide_command->group("");  // which no person starts
  slide_command->add_option("slide", line.file)->required();
  slide_command->add_option("folder", line.folder)->required();
  slide_command->callback([&] { status = slide_process(line.file, line.folder); });

  auto* bench_command = app.add_subcommand("bench", "Measure this machine with this program");
  bench_command->add_option("name", line.bench, "node, record, http, archive, ecg, film, imaging or all")
      ->capture_default_str()
      ->check(CLI::IsMember({"node", "record", "http", "archive", "ecg", "film", "imaging", "all"}));
  bench_command->add_option("--data", line.data, "Folder of real data; also $MERIDIAN_DATA")
      ->capture_default_str();
  BenchOptions& options = line.measured;
  bench_command->add_option("--seconds", options.seconds, "Of load, where a bench runs for a time")
      ->capture_default_str();
  bench_command
      ->add_option("--resources", options.resources,
                   "That the bench of the record imports, from copies of Synthea's bundles; 0: each once")
      ->capture_default_str()
      ->check(CLI::Range(0, 100'000'000));
  bench_command->add_option("--studies", options.studies, "That the bench of the archive searches among")
      ->capture_default_str()
      ->check(CLI::Range(1'000, 10'000'000));
  bench_command
      ->add_option("--stores", options.stores,
                   "The bench of the archive stores so many instances over many connections, starts the node "
                   "again and verifies each; nothing else is measured")
      ->check(CLI::Range(1, 10'000'000));
  bench_command->add_option(
      "--record", options.record,
      "Keep the record's bench in this folder; of a record that is there already only reads are measured");
  bench_command
      ->add_option(
          "--database", options.database,
          "postgresql://... for the bench of the record, in a schema that goes with it; without it SQLite")
      ->excludes("--record");
  bench_command->add_option("--assistant", options.assistant,
                            "The only one that the bench of imaging measures, on its test parts alone");
  bench_command->add_option("--features", options.features,
                            "Write the tables from which training/ learns there");
  bench_command->add_flag("--json", options.json, "One JSON object instead of a table");
  bench_command->callback([&] {
    options.data = line.data;
    status = bench(line.bench, options);
  });
}

// "X,Y,WIDTH,HEIGHT" in pixels.
vision::Box box_of(const std::string& text) {
  int x = 0, y = 0, width = 0, height = 0, end = 0;
  const int read = std::sscanf(text.c_str(), "%d,%d,%d,%d%n", &x, &y, &width, &height, &end);
  if (read != 4 || text.c_str()[end] || x < 0 || y < 0 || width < 1 || height < 1)
    throw Error(ErrorCode::usage, "\"" + text + "\" is not an area", "--blank",
                "Write X,Y,WIDTH,HEIGHT in pixels");
  return {x, y, x + width, y + height};
}

void add_deidentify_command(CLI::App& app, CommandLine& line) {
  auto* command = app.add_subcommand(
      "deidentify", "Copy a folder's DICOM files without what tells whose they are (DICOM PS3.15)");
  DeidentifyCommand& wanted = line.deidentify;
  command->add_option("folder", wanted.folder, "DICOM files, in any depth")
      ->required()
      ->check(CLI::ExistingDirectory);
  command->add_option("out", wanted.out, "Where the copies go, named by their new UIDs")->required();
  command->add_option(
      "--key", wanted.key,
      "File of the key from which pseudonyms follow, made when missing: the same key, the same "
      "pseudonyms. Without it nobody can link two exports");
  archive::ProfileOptions& profile = wanted.options.profile;
  command->add_flag("--shift-dates", profile.shift_dates,
                    "Keep dates, moved by the same number of days for all of a patient");
  command->add_flag("--keep-patient-characteristics", profile.patient_characteristics,
                    "Keep sex, age (at most 90), size and weight");
  command->add_flag("--keep-device", profile.device, "Keep which device it was");
  command->add_flag("--keep-institution", profile.institution, "Keep which institution it was");
  command->add_option(
      "--blank", line.blank,
      "X,Y,WIDTH,HEIGHT: blank this area of images into which text is burnt; may be repeated");
  command->add_flag("--trust-unflagged", wanted.options.trust_unflagged,
                    "Take ultrasound and the like as free of text where the file does not say");
  command->callback([&] {
    for (const std::string& area : line.blank) wanted.options.burnt_in.push_back(box_of(area));
    deidentify(wanted);
  });
}

void add_fhir_commands(CLI::App& app, CommandLine& line, int& status) {
  auto* fhirpath_command = app.add_subcommand("fhirpath", "Evaluate a FHIRPath expression on a resource");
  fhirpath_command->add_option("expression", line.expression, "As Patient.name.given")->required();
  fhirpath_command->add_option("file", line.file, "A FHIR R4 resource, JSON or XML")
      ->required()
      ->check(CLI::ExistingFile);
  fhirpath_command->callback([&] { fhirpath(line.expression, line.file); });

  auto* validate_command = app.add_subcommand("validate", "Check FHIR R4 resources against its definitions");
  validate_command->add_option("files", line.files, "Resources, JSON or XML")
      ->required()
      ->check(CLI::ExistingFile);
  validate_command
      ->add_option("--package", line.packages, "Folder of a FHIR package with profiles; may be given again")
      ->check(CLI::ExistingDirectory);
  validate_command->add_option("--profile", line.profiles, "Canonical URL of a profile; may be given again");
  validate_command->callback([&] { status = validate(line.files, line.packages, line.profiles); });
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app(
      "Meridian gives a village clinic the diagnostic reach of a large hospital.\n"
      "It supports decisions; it does not make them: nothing is final before a clinician signs it.");
  app.name("meridian");
  app.footer(
      "Start with:  meridian demo        then open the address that it prints\n"
      "             meridian read ecg.dcm film.png\n" +
      exit_statuses());
  app.require_subcommand(1);
  CommandLine line;
  int status = 0;
  try {
    add_node_commands(app, line, status);
    add_fetch_command(app, line);
    add_sending_commands(app, line);
    add_reading_commands(app, line, status);
    add_deidentify_command(app, line);
    add_fhir_commands(app, line, status);
    app.parse(argc, argv);
    return status;
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : traits(ErrorCode::usage).exit_code;
  } catch (const Error& error) {
    std::cerr << "meridian: " << error.describe() << "\n";
    return traits(error.code()).exit_code;
  } catch (const std::exception& error) {
    std::cerr << "meridian: " << error.what() << "\n";
    return traits(ErrorCode::internal).exit_code;
  }
}
