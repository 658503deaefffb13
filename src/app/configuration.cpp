#include "app/configuration.h"

#include <toml++/toml.h>

#include <limits>
#include <sstream>
#include <variant>
#include <vector>

#include "app/dicom_callers.h"
#include "app/live_sources.h"
#include "base/error.h"
#include "base/file.h"
#include "base/json.h"
#include "base/log.h"
#include "care/retention.h"
#include "doors/http/cross_origin.h"
#include "network/address_policy.h"
#include "network/host_list.h"

namespace meridian::app {
namespace {

struct Range {
  int from = 0, to = std::numeric_limits<int>::max();
};

struct Setting {
  std::string_view table, key;
  std::variant<std::string Configuration::*, int Configuration::*, bool Configuration::*> member;
  std::string_view explanation;
  Range range = {};
};

constexpr Range kPort{0, 65535};
constexpr Range kPositive{1};

// The one list of settings: the reader, the writer and the documentation follow it.
const std::vector<Setting>& settings() {
  using C = Configuration;
  static const std::vector<Setting> list{
      {"node", "data_folder", &C::data_folder,
       "Where the node keeps everything; see docs/operation.md for its layout"},
      {"node", "log_level", &C::log_level,
       "debug, info, warning, error or off; logs are JSON lines on standard error"},
      {"http", "address", &C::http_address, "Address of FHIR, DICOMweb and the console; 0.0.0.0 for all"},
      {"http", "port", &C::http_port, "0 takes any free port", kPort},
      {"http", "tls", &C::http_tls, "TLS 1.3; without it only a loopback address is allowed"},
      {"http", "public_url", &C::http_public_url,
       "How others reach this node, https://node.example; empty: by the address and port above"},
      {"http", "certificate", &C::http_certificate,
       "PEM file; empty: one is made in the data folder at first start"},
      {"http", "key", &C::http_key, "PEM file of the certificate's key"},
      {"http", "threads", &C::http_threads, "Threads that read and write sockets", kPositive},
      {"http", "workers", &C::http_workers, "Threads that answer requests", kPositive},
      {"http", "largest_body_megabytes", &C::http_largest_body_megabytes,
       "A larger upload is refused with 413", kPositive},
      {"http", "web_origins", &C::http_web_origins,
       "Pages of other origins that may use FHIR and DICOMweb with a token, \"https://viewer.example\", with "
       "commas between; empty: none"},
      {"fhir", "packages", &C::fhir_packages,
       "Folders of FHIR packages, with commas between: their profiles, value sets and code systems are "
       "known"},
      {"fhir", "check_profiles", &C::fhir_check_profiles,
       "Whether what is written must conform to the profiles that it claims in meta.profile"},
      {"network", "subscribers", &C::network_subscribers,
       "Hosts to which FHIR Subscriptions may have anything sent, \"his.hospital.cn, *.county.gov.cn, "
       "10.1.0.7:8443\"; empty: none"},
      {"network", "allowed", &C::network_allowed,
       "Private networks that subscribers may be called in, \"10.1.0.0/16, 192.168.5.7\"; empty: none, only "
       "public addresses"},
      {"network", "plain", &C::network_plain, "Whether subscribers may be called without TLS, by http://"},
      {"network", "authorities", &C::network_authorities,
       "PEM file of who signs subscribers' certificates, beside the authorities of the system"},
      {"dicom", "enabled", &C::dicom_enabled, "Whether the node answers on the DICOM network"},
      {"dicom", "address", &C::dicom_address, "Address of the DICOM service"},
      {"dicom", "port", &C::dicom_port, "0 takes any free port", kPort},
      {"dicom", "title", &C::dicom_title, "Application entity title of this node"},
      {"dicom", "organization", &C::dicom_organization, "Organization/ID to which what arrives belongs"},
      {"dicom", "associations", &C::dicom_associations, "Associations served at once", kPositive},
      {"dicom", "callers", &C::dicom_callers,
       "Who may call: \"CT1=Organization/ID, PACS=Organization/ID@HOST:PORT\", or HOST:PORT/tls. What a "
       "caller sends belongs to its organization, and it may query and retrieve what that organization sees; "
       "to those with an address C-MOVE may send. Empty: anyone may send, nobody may query"},
      {"dicom", "tls", &C::dicom_tls, "Only TLS 1.2 and later on the DICOM port"},
      {"dicom", "certificate", &C::dicom_certificate,
       "PEM file; empty: that of [http], or the one made in the data folder"},
      {"dicom", "key", &C::dicom_key, "PEM file of the certificate's key"},
      {"dicom", "authorities", &C::dicom_authorities,
       "PEM file of who signs the certificates of DICOM peers, which must then show one; empty: they need "
       "none"},
      {"dicom", "idle_seconds", &C::dicom_idle_seconds, "Without a message for so long, a caller is cut off",
       kPositive},
      {"dicom",
       "largest_instance_megabytes",
       &C::dicom_largest_instance_megabytes,
       "A larger instance is refused",
       {1, 2048}},
      {"drop", "folder", &C::drop_folder,
       "A watched folder: recordings and films put there are taken in; empty: none"},
      {"drop", "organization", &C::drop_organization, "Organization/ID to which what is dropped belongs"},
      {"live", "sources", &C::live_sources,
       "Endoscopes and other cameras that can be looked at live: \"NAME=rtsp://HOST/PATH, "
       "NAME=/dev/video0\", or "
       "a video file; empty: none"},
      {"assistants", "workers", &C::assistants_workers, "Recordings and films read at once", kPositive},
      {"assistants", "threads", &C::assistants_threads, "Threads that one model may use", kPositive},
      {"assistants", "onnxruntime", &C::assistants_onnxruntime,
       "libonnxruntime.so; empty: the one that came with the program"},
      {"assistants", "agreement_window", &C::assistants_agreement_window,
       "The last judged drafts of an assistant by which it is switched off by itself", kPositive},
      {"assistants",
       "least_agreement_percent",
       &C::assistants_least_agreement_percent,
       "Of these, so many must have been accepted; 0: no assistant is switched off by itself",
       {0, 100}},
      {"session", "idle_minutes", &C::session_idle_minutes,
       "A person is signed out after so long without a request", kPositive},
      {"session", "hours", &C::session_hours, "... and after so long in any case", kPositive},
      {"ledger", "checkpoint_every", &C::ledger_checkpoint_every, "Entries between two signed roots",
       kPositive},
      {"archive", "segment_megabytes", &C::archive_segment_megabytes,
       "Films lie one after another in files of this size, larger ones in files of their own; 0: all do"},
      {"archive", "retention", &C::archive_retention,
       "Days that studies are kept after their last image came and their cases were signed, by modality: "
       "\"CT/MR=3650, US=1825, *=10950\"; * stands for all others. Empty: for ever"},
      {"archive", "retention_apply", &C::archive_retention_apply,
       "Whether the node removes, once a day, what meridian retention prints as going"},
      {"database", "url", &C::database_url,
       "postgresql://USER@HOST/DATABASE of a PostgreSQL 15 or later in UTF-8, as libpq takes it; a password "
       "belongs into ~/.pgpass. Empty: SQLite in the data folder"},
      {"database", "schema", &C::database_schema, "In PostgreSQL, where the tables are; made when missing"},
      {"database", "readers", &C::database_readers, "Connections that read at once", kPositive},
      {"database", "cache_megabytes", &C::database_cache_megabytes,
       "Page cache of all connections of SQLite together", kPositive},
  };
  return list;
}

[[noreturn]] void wrong(const std::string& name, const toml::source_position& at, const std::string& what) {
  throw Error(ErrorCode::invalid_configuration, what, name + ":" + std::to_string(at.line),
              "meridian serve --print-configuration shows every key");
}

class Reader {
 public:
  Reader(const std::string& name, Configuration& into) : name_(name), into_(into) {}

  void read(const toml::table& root) {
    for (const auto& [table, node] : root) {
      const toml::table* keys = node.as_table();
      if (!keys) wrong(name_, node.source().begin, "\"" + std::string(table) + "\" must be a [table]");
      for (const auto& [key, value] : *keys) set(table, key, value);
    }
  }

 private:
  void set(std::string_view table, std::string_view key, const toml::node& value) {
    for (const Setting& setting : settings())
      if (setting.table == table && setting.key == key)
        return std::visit([&](auto member) { assign(setting, into_.*member, value); }, setting.member);
    wrong(name_, value.source().begin, "There is no setting " + std::string(table) + "." + std::string(key));
  }

  void assign(const Setting& setting, int& target, const toml::node& value) {
    const auto number = value.value_exact<std::int64_t>();
    if (!number || *number < setting.range.from || *number > setting.range.to)
      wrong(name_, value.source().begin,
            full_name(setting) + " must be a whole number from " + std::to_string(setting.range.from));
    target = static_cast<int>(*number);
  }
  void assign(const Setting& setting, bool& target, const toml::node& value) {
    const auto flag = value.value_exact<bool>();
    if (!flag) wrong(name_, value.source().begin, full_name(setting) + " must be true or false");
    target = *flag;
  }
  void assign(const Setting& setting, std::string& target, const toml::node& value) {
    const auto text = value.value_exact<std::string>();
    if (!text) wrong(name_, value.source().begin, full_name(setting) + " must be a \"text\"");
    target = *text;
  }

  static std::string full_name(const Setting& setting) {
    return std::string(setting.table) + "." + std::string(setting.key);
  }

  const std::string& name_;
  Configuration& into_;
};

void write(std::string& out, int value) {
  out += std::to_string(value);
}
void write(std::string& out, bool value) {
  out += value ? "true" : "false";
}
void write(std::string& out, const std::string& value) {
  append_json_string(out, value);
}

}  // namespace

Configuration Configuration::parse(std::string_view toml_text, const std::string& name) {
  Configuration configuration;
  try {
    Reader(name, configuration).read(toml::parse(toml_text));
  } catch (const toml::parse_error& error) {
    wrong(name, error.source().begin, std::string(error.description()));
  }
  log_level_of(configuration.log_level);
  dicom_callers_of(configuration.dicom_callers);
  care::retention_rules_of(configuration.archive_retention);
  live_sources_of(configuration.live_sources);
  [[maybe_unused]] const network::AddressPolicy allowed(configuration.network_allowed);
  [[maybe_unused]] const network::HostList subscribers(configuration.network_subscribers);
  [[maybe_unused]] const doors::http::CrossOrigin others(configuration.http_web_origins);
  return configuration;
}

Configuration Configuration::load(const std::filesystem::path& file) {
  return parse(read_file(file, 1u << 20), file.string());
}

std::string Configuration::to_toml() const {
  std::string out =
      "# Configuration of a Meridian node. Every key is optional; these are the values in force.\n";
  std::string_view table;
  for (const Setting& setting : settings()) {
    if (setting.table != table) out += "\n[" + std::string(table = setting.table) + "]\n";
    out += "# " + std::string(setting.explanation) + "\n" + std::string(setting.key) + " = ";
    std::visit([&](auto member) { write(out, this->*member); }, setting.member);
    out += "\n";
  }
  return out;
}

}  // namespace meridian::app
