// What a node is told: a TOML file, every key of which has a default and a sentence of explanation.
#pragma once
#include <filesystem>
#include <string>
#include <string_view>

namespace meridian::app {

struct Configuration {
  std::string data_folder = "meridian-data";
  std::string log_level = "info";

  std::string http_address = "127.0.0.1";
  int http_port = 8080;
  bool http_tls = true;
  std::string http_public_url;
  std::string http_certificate;
  std::string http_key;
  int http_threads = 2;
  int http_workers = 8;
  int http_largest_body_megabytes = 512;
  std::string http_web_origins;

  std::string fhir_packages;
  bool fhir_check_profiles = false;

  std::string network_subscribers;
  std::string network_allowed;
  bool network_plain = false;
  std::string network_authorities;

  bool dicom_enabled = true;
  std::string dicom_address = "127.0.0.1";
  int dicom_port = 11112;
  std::string dicom_title = "MERIDIAN";
  std::string dicom_organization;
  int dicom_associations = 16;
  std::string dicom_callers;
  bool dicom_tls = false;
  std::string dicom_certificate;
  std::string dicom_key;
  std::string dicom_authorities;
  int dicom_idle_seconds = 60;
  int dicom_largest_instance_megabytes = 2048;

  std::string drop_folder;
  std::string drop_organization;

  std::string live_sources;

  int assistants_workers = 1;
  int assistants_threads = 1;
  std::string assistants_onnxruntime;
  int assistants_agreement_window = 30;
  int assistants_least_agreement_percent = 50;

  int session_idle_minutes = 30;
  int session_hours = 12;
  int ledger_checkpoint_every = 1000;

  int archive_segment_megabytes = 64;
  std::string archive_retention;
  bool archive_retention_apply = false;

  std::string database_url;
  std::string database_schema = "meridian";
  int database_readers = 4;
  int database_cache_megabytes = 128;

  // Throws invalid_configuration with the line, the key and what it may be; an unknown key is an error.
  static Configuration parse(std::string_view toml, const std::string& name);
  static Configuration load(const std::filesystem::path& file);
  // The whole configuration as a TOML file with its explanations.
  std::string to_toml() const;
};

}  // namespace meridian::app
