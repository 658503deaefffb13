#include <cstdlib>

#include "base/error_of.h"
#include "base/file.h"
#include "doors/http_client.h"
#include "doors/http_server_fixture.h"
#include "trust/certificate.h"

namespace meridian::doors::http {
namespace {

// curl's exit statuses.
constexpr int kTlsFailed = 35, kNotTrusted = 60;

class HttpTlsTest : public HttpServerTest {
 protected:
  HttpTlsTest() {
    const trust::CertificateFiles files = trust::ensure_certificate(folder_.path());
    options_.certificate = files.certificate;
    options_.key = files.key;
  }

  // The exit status of curl; its output is in output().
  int curl(const std::string& arguments, const std::string& path = "/hello") {
    const std::string address = "https://localhost:" + std::to_string(server_->port()) + path;
    const std::string command = "curl --noproxy '*' -sS " + arguments + " " + address + " > " +
                                (folder_ / "output").string() + " 2>&1";
    return WEXITSTATUS(std::system(command.c_str()));
  }
  int trusting_curl(const std::string& arguments, const std::string& path = "/hello") {
    return curl("--cacert " + options_.certificate.string() + " " + arguments, path);
  }
  std::string output() const { return read_file(folder_ / "output"); }
};

TEST_F(HttpTlsTest, AnswersWhoTrustsItsCertificate) {
  start();
  EXPECT_EQ(trusting_curl("-w '%{ssl_verify_result} %{http_version}'"), 0) << output();
  EXPECT_EQ(output(), "hello0 1.1");
  EXPECT_EQ(curl(""), kNotTrusted) << output();
}

TEST_F(HttpTlsTest, SpeaksTls13Only) {
  start();
  EXPECT_EQ(trusting_curl("--tls-max 1.2"), kTlsFailed) << output();
  EXPECT_EQ(trusting_curl("--tlsv1.3"), 0) << output();
}

TEST_F(HttpTlsTest, CarriesLargeBodiesAndManyRequestsOnOneConnection) {
  start();
  write_file(folder_ / "body", std::string(90'000, 'b'));
  EXPECT_EQ(trusting_curl("-w ' %{num_connects}' --data-binary @" + (folder_ / "body").string(), "/echo"), 0);
  EXPECT_EQ(output(), std::string(90'000, 'b') + " 1");
  const std::string again = "https://localhost:" + std::to_string(server_->port()) + "/large";
  EXPECT_EQ(trusting_curl("-w ' %{num_connects} ' " + again), 0);
  EXPECT_EQ(output(), std::string(100'000, 'x') + " 1 hello 0 ");
}

TEST_F(HttpTlsTest, HangsUpOnWhatIsNotTls) {
  HttpClient plain(start());
  EXPECT_EQ(plain.request("GET", "/hello").status, 0);
  EXPECT_EQ(trusting_curl(""), 0) << output();
}

TEST_F(HttpTlsTest, HangsUpOnAHandshakeThatStalls) {
  options_.header_timeout = std::chrono::milliseconds(50);
  HttpClient silent(start());
  EXPECT_TRUE(silent.closed());
  HttpClient cut(server_->port());
  cut.send(std::string("\x16\x03\x01\x02\x00\x01", 6));  // the begin of a hello
  EXPECT_TRUE(cut.closed());
}

TEST_F(HttpTlsTest, DoesNotStartWithAKeyOfAnotherCertificate) {
  std::filesystem::create_directories(folder_ / "other");
  options_.key = trust::ensure_certificate(folder_ / "other").key;
  EXPECT_EQ(code_of([&] { start(); }), ErrorCode::invalid_configuration);
  options_.key = folder_ / "missing.key";
  EXPECT_EQ(code_of([&] { start(); }), ErrorCode::invalid_configuration);
}

}  // namespace
}  // namespace meridian::doors::http
