// Who gets in: cookies, tokens, CSRF, roles; and which files the console's address gives.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "base/error.h"
#include "base/temporary_folder.h"
#include "doors/http/server.h"
#include "doors/http/static_files.h"
#include "doors/http_client.h"
#include "storage/test_database.h"

namespace meridian::doors::http {
namespace {

using ::testing::HasSubstr;

class HttpAccessTest : public ::testing::Test {
 protected:
  HttpAccessTest() {
    for (const auto migrations : {trust::Ledger::migrations(), trust::Identity::migrations()})
      database_->migrate(migrations);
    ledger_ = std::make_unique<trust::Ledger>(*database_, trust::LedgerOptions{folder_ / "ledger.key"});
    identity_ = std::make_unique<trust::Identity>(
        *database_, *ledger_, trust::IdentityOptions{.argon2_memory_kib = 64, .argon2_iterations = 1});
    trust::Account account;
    account.username = "wang";
    account.role = trust::Role::clinician;
    identity_->add(trust::Principal::system(), account, "a long password");
    session_ = identity_->sign_in("wang", "a long password");
    make_console();
    const auto echo = [](Request& request) { return Response::text(request.principal().user); };
    router_.add(Method::get, "/mine", Permission::signed_in(), echo);
    router_.add(Method::post, "/mine", Permission::signed_in(), echo);
    router_.add(Method::get, "/ledger", Permission::of(trust::Act::audit), echo);
    add_static_files(router_, {.name = "The console", .folder = folder_ / "console"});
    add_static_files(router_, {.name = "The viewer",
                               .prefix = "/viewer",
                               .folder = folder_ / "console",
                               .routes_itself = true,
                               .content_policy = "default-src 'none'"});
    dispatcher_ = std::make_unique<Dispatcher>(router_, *identity_,
                                               CrossOrigin("https://viewer.example, http://127.0.0.1:3000"));
    server_ =
        std::make_unique<Server>(ServerOptions{.port = 0, .spool_folder = folder_.path()}, *dispatcher_);
    client_ = std::make_unique<HttpClient>(server_->port());
  }

  void make_console() {
    std::filesystem::create_directories(folder_ / "console" / "assets");
    std::ofstream(folder_ / "console" / "index.html") << "<html>console</html>";
    std::ofstream(folder_ / "console" / "assets" / "app-1a2b.js") << std::string(5000, ';');
    std::ofstream(folder_ / "secret.txt") << "secret";
    std::filesystem::create_symlink(folder_ / "secret.txt", folder_ / "console" / "link.txt");
  }

  HttpAnswer get(const std::string& target, const std::string& headers = {}) {
    return client_->request("GET", target, {}, headers);
  }
  std::string cookie_header() const { return "Cookie: meridian_session=" + session_.token + "\r\n"; }
  std::string bearer_header() const { return "Authorization: Bearer " + session_.token + "\r\n"; }

  TemporaryFolder folder_;
  std::unique_ptr<storage::Database> database_ =
      storage::open_database(storage::test_database({.path = folder_ / "node.db", .synchronous = false}));
  std::unique_ptr<trust::Ledger> ledger_;
  std::unique_ptr<trust::Identity> identity_;
  trust::Session session_;
  Router router_;
  std::unique_ptr<Dispatcher> dispatcher_;
  std::unique_ptr<Server> server_;
  std::unique_ptr<HttpClient> client_;
};

TEST_F(HttpAccessTest, AsksWhoIsThere) {
  const HttpAnswer nobody = get("/mine");
  EXPECT_EQ(nobody.status, 401);
  EXPECT_EQ(nobody.json().get("issue.code").as_string(), "login");
  EXPECT_EQ(get("/mine", "Authorization: Bearer wrong\r\n").status, 401);
  EXPECT_EQ(get("/mine", "Authorization: Basic eDp5\r\n").status, 401);
  EXPECT_EQ(get("/mine", bearer_header()).body, session_.principal.user);
  EXPECT_EQ(get("/mine", cookie_header()).body, session_.principal.user);
}

TEST_F(HttpAccessTest, ChangesByCookieNeedTheCsrfToken) {
  EXPECT_EQ(client_->request("POST", "/mine", "x", cookie_header()).status, 403);
  HttpClient second(server_->port());
  EXPECT_EQ(second.request("POST", "/mine", "x", cookie_header() + "X-CSRF-Token: wrong\r\n").status, 403);
  HttpClient third(server_->port());
  EXPECT_EQ(
      third.request("POST", "/mine", "x", cookie_header() + "X-CSRF-Token: " + session_.csrf + "\r\n").status,
      200);
  EXPECT_EQ(third.request("POST", "/mine", "x", bearer_header()).status, 200);
}

TEST_F(HttpAccessTest, LetsPagesOfNamedOriginsReadWithATokenOnly) {
  const std::string origin = "Origin: https://viewer.example\r\n";
  const std::string asks =
      "Access-Control-Request-Method: GET\r\nAccess-Control-Request-Headers: authorization\r\n";
  const HttpAnswer preflight = client_->request("OPTIONS", "/mine", {}, origin + asks);
  EXPECT_EQ(preflight.status, 204);
  EXPECT_EQ(preflight.header("access-control-allow-origin"), "https://viewer.example");
  EXPECT_THAT(preflight.header("access-control-allow-headers"), HasSubstr("Authorization"));
  for (const char* name : {"Accept-Encoding", "Content-Encoding", "X-Security-Context"})
    EXPECT_THAT(preflight.header("access-control-allow-headers"), HasSubstr(name));
  EXPECT_THAT(preflight.header("access-control-allow-methods"), HasSubstr("DELETE"));
  EXPECT_EQ(preflight.header("access-control-allow-credentials"), "");
  const HttpAnswer read = get("/mine", origin + bearer_header());
  EXPECT_EQ(read.status, 200);
  EXPECT_EQ(read.header("access-control-allow-origin"), "https://viewer.example");
  EXPECT_EQ(read.header("access-control-allow-credentials"), "");
  for (const char* name : {"Accept-Encoding", "Content-Encoding", "Content-Location", "X-Security-Context"})
    EXPECT_THAT(read.header("access-control-expose-headers"), HasSubstr(name));
  EXPECT_EQ(read.header("vary"), "Origin");
  EXPECT_EQ(get("/mine", origin).header("access-control-allow-origin"),
            "https://viewer.example");  // of 401 too
  EXPECT_EQ(get("/gone", origin + "Accept: */*\r\n").header("access-control-allow-origin"),
            "https://viewer.example");
  for (const char* stranger : {"https://viewer.example.evil", "https://viewer.example:8443", "null"}) {
    const std::string other = "Origin: " + std::string(stranger) + "\r\n";
    EXPECT_EQ(client_->request("OPTIONS", "/mine", {}, other + asks).status, 405) << stranger;
    EXPECT_EQ(get("/mine", other + bearer_header()).header("access-control-allow-origin"), "") << stranger;
  }
}

TEST_F(HttpAccessTest, LetsPagesOfNamedOriginsReadWhatTheConnectionItselfRefuses) {
  const std::string origin = "Origin: https://viewer.example\r\n";
  for (const auto& [headers, status] : {std::pair("Content-Length: 2147483648\r\n", 413),
                                        std::pair("Content-Encoding: gzip\r\nContent-Length: 4\r\n", 400),
                                        std::pair("Transfer-Encoding: chunked\r\n", 400)}) {
    HttpClient client(server_->port());
    client.send("POST /mine HTTP/1.1\r\nHost: t\r\n" + origin + bearer_header() + headers + "\r\nnope\r\n");
    const HttpAnswer answer = client.answer();
    EXPECT_EQ(answer.status, status) << headers;
    EXPECT_EQ(answer.header("access-control-allow-origin"), "https://viewer.example") << headers;
  }
  HttpClient client(server_->port());
  client.send("GET /mine HTTP/1.1\r\n" + origin + "\r\n");
  EXPECT_EQ(client.answer().header("access-control-allow-origin"), "https://viewer.example") << "of no Host";
}

TEST_F(HttpAccessTest, KnowsWhatAnOriginIs) {
  for (const char* wrong : {"viewer.example", "*", "https://", "https://a.example/path", "https://*.example"})
    EXPECT_THROW(CrossOrigin{wrong}, Error) << wrong;
}

TEST_F(HttpAccessTest, AsksForTheRole) {
  const HttpAnswer answer = get("/ledger", bearer_header());
  EXPECT_EQ(answer.status, 403);
  EXPECT_THAT(answer.json().get("issue.diagnostics").as_string(), HasSubstr("clinician"));
}

TEST_F(HttpAccessTest, GivesTheConsole) {
  const HttpAnswer index = get("/");
  EXPECT_EQ(index.body, "<html>console</html>");
  EXPECT_EQ(index.header("cache-control"), "no-cache");
  const std::string tag = index.header("etag");
  EXPECT_EQ(get("/", "If-None-Match: " + tag + "\r\n").status, 304);
  EXPECT_EQ(get("/", "If-None-Match: \"other\"\r\n").status, 200);
  const HttpAnswer script = get("/assets/app-1a2b.js", "Accept-Encoding: gzip\r\n");
  EXPECT_EQ(script.header("content-encoding"), "gzip");
  EXPECT_LT(script.body.size(), 200u);
  EXPECT_THAT(script.header("cache-control"), HasSubstr("immutable"));
  EXPECT_EQ(get("/assets/app-1a2b.js").body.size(), 5000u);
}

TEST_F(HttpAccessTest, LeadsFromTypedAddressesToTheConsole) {
  const HttpAnswer page = get("/case/1", "Accept: text/html,*/*\r\n");
  EXPECT_EQ(page.status, 302);
  EXPECT_EQ(page.header("location"), "/#/case/1");
  EXPECT_EQ(get("/case%0d%0aSet-Cookie:x", "Accept: text/html\r\n").header("location"), "/");
  EXPECT_EQ(get("/case/1", "Accept: application/json\r\n").status, 404);
  EXPECT_EQ(get("/assets/gone.js").status, 404);
}

TEST_F(HttpAccessTest, GivesTheViewerItsOwnPagesAndPolicy) {
  const HttpAnswer page = get("/viewer/viewer?StudyInstanceUIDs=1.2", "Accept: text/html\r\n");
  EXPECT_EQ(page.status, 200);
  EXPECT_EQ(page.body, "<html>console</html>");
  EXPECT_EQ(page.header("content-security-policy"), "default-src 'none'");
  EXPECT_THAT(get("/").header("content-security-policy"), HasSubstr("default-src 'self'"));
  EXPECT_EQ(get("/viewer/gone.js", "Accept: */*\r\n").status, 404);
  EXPECT_EQ(get("/viewer/assets/app-1a2b.js").header("cache-control"), "no-cache");
}

TEST_F(HttpAccessTest, GivesNothingElse) {
  for (const char* target :
       {"/../secret.txt", "/%2e%2e/secret.txt", "/..%2fsecret.txt", "/assets/..%2f..%2fsecret.txt",
        "/link.txt", "//secret.txt", "/assets/../../secret.txt"}) {
    const HttpAnswer answer = get(target);
    EXPECT_TRUE(answer.status == 400 || answer.status == 404) << target << " " << answer.status;
    EXPECT_EQ(answer.body.find("secret\n"), std::string::npos) << target;
  }
}

}  // namespace
}  // namespace meridian::doors::http
