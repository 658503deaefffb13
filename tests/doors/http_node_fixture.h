// A whole node behind a real socket, but for the assistants: FHIR, DICOMweb, the console's addresses.
#pragma once
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/temporary_folder.h"
#include "care/care.h"
#include "doors/http/routes.h"
#include "doors/http/server.h"
#include "doors/http_client.h"
#include "storage/blob_store.h"
#include "storage/test_database.h"

namespace meridian::doors::http {

inline constexpr const char* kPassword = "a long password";
inline constexpr const char* kFhirType = "Content-Type: application/fhir+json\r\n";

struct HttpNodeParts {
  std::vector<std::unique_ptr<engine::Assistant>> assistants;
  std::vector<care::LiveSource> live_sources;
};

class HttpNodeTest : public ::testing::Test {
 protected:
  explicit HttpNodeTest(HttpNodeParts parts = {})
      : registry_(*database_, std::move(parts.assistants)),
        care_({*database_, queue_, ledger_, record_, archive_, registry_, std::move(parts.live_sources),
               care::convert_slide_here, folder_.path()}) {
    const trust::Principal system = trust::Principal::system();
    for (const char* id : {"east", "west"})
      record_.update(
          system, Json::object(
                      {{"resourceType", "Organization"}, {"id", id}, {"name", std::string("Clinic ") + id}}));
    add_account("wang", trust::Role::clinician, "Organization/east");
    add_account("zhao", trust::Role::clinician, "Organization/west");
    add_account("lin", trust::Role::auditor, "");
    add_account("root", trust::Role::administrator, "");
    add_routes(router_, {*database_, queue_, ledger_, identity_, record_, archive_, registry_, care_},
               4u << 20);
    open_door(0);
  }

  // On that port; 0: any.
  void open_door(int port) {
    server_ = std::make_unique<Server>(
        ServerOptions{
            .port = port, .spool_folder = folder_.path(), .session_check = std::chrono::milliseconds(40)},
        dispatcher_);
    client_ = std::make_unique<HttpClient>(server_->port());
    sign_in("wang");
  }

  static std::unique_ptr<storage::Database> open(const std::filesystem::path& file) {
    auto database = storage::open_database(storage::test_database({.path = file, .synchronous = false}));
    for (const auto migrations :
         {storage::Queue::migrations(), trust::Ledger::migrations(), trust::Identity::migrations(),
          trust::access_migrations(), archive::Archive::migrations(), record::Record::migrations(),
          engine::Registry::migrations()})
      database->migrate(migrations);
    database->migrate(care::Care::migrations());
    return database;
  }

  void add_account(const std::string& username, trust::Role role, const std::string& organization,
                   const std::string& fhir_user = {}) {
    trust::Account account;
    account.username = account.display = username;
    account.role = role;
    account.organization = organization;
    account.fhir_user = fhir_user.empty() ? "Practitioner/" + username : fhir_user;
    identity_.add(trust::Principal::system(), account, kPassword);
  }

  void sign_in(const std::string& username) {
    client_->always("Authorization: Bearer " + identity_.sign_in(username, kPassword).token + "\r\n");
  }

  HttpAnswer get(const std::string& target, const std::string& headers = {}) {
    return client_->request("GET", target, {}, headers);
  }
  HttpAnswer post(const std::string& target, const std::string& body,
                  const std::string& headers = kFhirType) {
    return client_->request("POST", target, body, headers);
  }

  HttpAnswer send(const std::string& method, const std::string& target, const std::string& body = {},
                  const std::string& headers = kFhirType) {
    return client_->request(method, target, body, headers);
  }

  static std::string patient(const std::string& family = "Wang", const std::string& organization = "east") {
    return R"({"resourceType":"Patient","identifier":[{"system":"urn:test","value":")" + family +
           R"("}],"name":[{"family":")" + family +
           R"("}],"managingOrganization":{"reference":"Organization/)" + organization + R"("}})";
  }

  std::string create_patient() { return post("/fhir/Patient", patient()).json().text("id"); }

  TemporaryFolder folder_;
  std::unique_ptr<storage::Database> database_ = open(folder_ / "node.db");
  std::unique_ptr<storage::BlobStore> blobs_ = storage::open_blob_folder(folder_ / "blobs");
  std::atomic<int> seconds_ahead_{0};  // of the time, for the queue
  std::atomic<int> minutes_ahead_{0};  // of the time, for sessions
  storage::Queue queue_{*database_, [this] { return now() + std::chrono::seconds(seconds_ahead_); }};
  trust::Ledger ledger_{*database_, {folder_ / "ledger.key"}};
  trust::Identity identity_{
      *database_, ledger_, {.argon2_memory_kib = 64, .argon2_iterations = 1, .clock = [this] {
                              return now() + std::chrono::minutes(minutes_ahead_);
                            }}};
  record::Record record_{*database_, ledger_, queue_};
  archive::Archive archive_{*database_, *blobs_};
  engine::Registry registry_;
  care::Care care_;
  Router router_;
  Dispatcher dispatcher_{router_, identity_};
  std::unique_ptr<Server> server_;
  std::unique_ptr<HttpClient> client_;
};

}  // namespace meridian::doors::http
