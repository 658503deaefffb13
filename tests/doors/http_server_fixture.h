// A server with a few handlers that say what a test wants to see.
#pragma once
#include <gtest/gtest.h>

#include <latch>
#include <memory>
#include <stdexcept>

#include "base/temporary_folder.h"
#include "doors/http/dispatcher.h"
#include "doors/http/server.h"
#include "storage/database.h"
#include "storage/test_database.h"
#include "trust/identity.h"
#include "trust/ledger.h"

namespace meridian::doors::http {

class HttpServerTest : public ::testing::Test {
 protected:
  HttpServerTest() {
    for (const auto migrations : {trust::Ledger::migrations(), trust::Identity::migrations()})
      database_->migrate(migrations);
    ledger_ = std::make_unique<trust::Ledger>(*database_, trust::LedgerOptions{folder_ / "ledger.key"});
    identity_ = std::make_unique<trust::Identity>(
        *database_, *ledger_, trust::IdentityOptions{.argon2_memory_kib = 64, .argon2_iterations = 1});
    const auto everyone = Permission::everyone();
    router_.add(Method::get, "/hello", everyone, [](Request&) { return Response::text("hello"); },
                {.quick = true});
    router_.add(Method::get, "/slow", everyone, [this](Request&) {
      entered_.count_down();
      go_on_.wait();
      return Response::text("done");
    });
    router_.add(Method::post, "/echo", everyone,
                [](Request& request) {
                  Response response = Response::text(request.body.take());
                  response.headers.add("X-Type", std::string(request.headers.get("Content-Type")));
                  return response;
                },
                {.largest_body = 100'000});
    router_.add(Method::post, "/private", Permission::signed_in(),
                [](Request& request) { return Response::text(std::to_string(request.body.size())); },
                {.largest_body = 10'000'000});
    router_.add(Method::get, "/large", everyone,
                [](Request&) { return Response::text(std::string(100'000, 'x')); });
    router_.add(Method::get, "/broken", everyone,
                [](Request&) -> Response { throw std::runtime_error("secret detail"); });
    router_.add(Method::get, "/split", everyone, [](Request& request) {
      Response response = Response::text("");
      response.headers.add("X-Echo", request.parameter("value"));
      return response;
    });
    router_.add(Method::get, "/events", everyone, [](Request&) {
      Response response = Response::text("", "text/event-stream");
      response.events = [](const std::shared_ptr<EventStream>& stream) {
        stream->send("one", "first\nsecond");
        stream->send("two", "{}");
        stream->close();
      };
      return response;
    });
    options_.port = 0;
    options_.spool_folder = folder_.path();
    options_.largest_in_memory = 10'000;
    options_.largest_header = 8192;
  }

  int start() {
    dispatcher_ = std::make_unique<Dispatcher>(router_, *identity_);
    server_ = std::make_unique<Server>(options_, *dispatcher_);
    return server_->port();
  }

  std::size_t files_in_spool() const {
    std::size_t count = 0;
    for (const auto& entry : std::filesystem::directory_iterator(folder_.path()))
      count += entry.path().filename().string().starts_with("upload-");
    return count;
  }

  TemporaryFolder folder_;
  std::unique_ptr<storage::Database> database_ =
      storage::open_database(storage::test_database({.path = folder_ / "node.db", .synchronous = false}));
  std::unique_ptr<trust::Ledger> ledger_;
  std::unique_ptr<trust::Identity> identity_;
  Router router_;
  ServerOptions options_;
  std::unique_ptr<Dispatcher> dispatcher_;
  std::latch entered_{1}, go_on_{1};
  std::unique_ptr<Server> server_;
};

}  // namespace meridian::doors::http
