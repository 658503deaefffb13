// The DICOM service under TLS as DCMTK's programs meet it, and TCP_NODELAY in both roles.
#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include "base/error.h"
#include "doors/dimse/store_user.h"
#include "doors/dimse/tls.h"
#include "doors/dimse_fixture.h"

namespace meridian::doors::dimse {
namespace {

using ::testing::HasSubstr;

const StoreContexts kFilm{{"1.2.840.10008.5.1.4.1.1.1.1", "1.2.840.10008.1.2.1"}};

class DimseTlsTest : public DimseTest {
 protected:
  DimseTlsTest() {
    for (const char* name : {"node", "clinic", "stranger"}) make_certificate(name);
  }

  void make_certificate(const std::string& name) {
    ASSERT_EQ(
        std::system(
            ("openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=" +
             name + " -keyout " + path(name + ".key") + " -out " + path(name + ".crt") + " > /dev/null 2>&1")
                .c_str()),
        0);
  }
  std::string path(const std::string& name) const { return (folder_ / name).string(); }
  TlsFiles files(const std::string& name, const std::string& authority = {}) const {
    return {path(name + ".crt"), path(name + ".key"), authority.empty() ? "" : path(authority + ".crt")};
  }
  void start_under_tls(const std::string& authority = {}) {
    options_.tls = std::make_shared<TlsContext>(files("node", authority));
    options_.handshake = std::chrono::seconds(2);
    start();
  }
  std::string shown(const std::string& name) const {
    return " +tls " + path(name + ".key") + " " + path(name + ".crt");
  }
  DimsePeer peer(const std::string& name, const std::string& authority) const {
    return {.host = "127.0.0.1",
            .port = server_->port(),
            .ae_title = "MERIDIAN",
            .our_ae_title = "CLINIC",
            .tls = std::make_shared<TlsContext>(files(name, authority))};
  }
};

TEST_F(DimseTlsTest, StoresUnderTls) {
  start_under_tls();
  EXPECT_EQ(run("storescu", "-aec MERIDIAN +tla +cf " + path("node.crt"), write_film("film.dcm", 2048)), 0)
      << output();
  EXPECT_EQ(stored_.size(), 1u);
  EXPECT_NE(run("echoscu", "-aec MERIDIAN +tla +cf " + path("stranger.crt")), 0);
  EXPECT_NE(run("echoscu", "-aec MERIDIAN -to 3 -ta 3"), 0);  // in the clear
  EXPECT_EQ(run("echoscu", "-aec MERIDIAN +tla +cf " + path("node.crt")), 0) << output();
}

TEST_F(DimseTlsTest, AsksPeersForTheirCertificate) {
  start_under_tls("clinic");
  EXPECT_EQ(run("echoscu", "-aec MERIDIAN" + shown("clinic") + " +cf " + path("node.crt")), 0) << output();
  EXPECT_NE(run("echoscu", "-aec MERIDIAN" + shown("stranger") + " +cf " + path("node.crt")), 0);
  EXPECT_NE(run("echoscu", "-aec MERIDIAN +tla +cf " + path("node.crt")), 0);
}

TEST_F(DimseTlsTest, CallsPeersUnderTls) {
  start_under_tls("clinic");
  const std::string film = read_file(write_film("film.dcm"));
  EXPECT_EQ(StoreUser(peer("clinic", "node"), kFilm).store(film), 0);
  EXPECT_EQ(stored_.size(), 1u);
  EXPECT_THROW(StoreUser(peer("stranger", "node"), kFilm).store(film), Error);
  EXPECT_THROW(StoreUser(peer("clinic", "stranger"), kFilm), Error);
}

TEST_F(DimseTlsTest, ServesOthersWhileAPeerIsSilentInItsHandshake) {
  start_under_tls();
  const int silent = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in place{};
  place.sin_family = AF_INET;
  place.sin_port = htons(server_->port());
  inet_pton(AF_INET, "127.0.0.1", &place.sin_addr);
  ASSERT_EQ(connect(silent, reinterpret_cast<sockaddr*>(&place), sizeof place), 0);
  EXPECT_EQ(run("echoscu", "-aec MERIDIAN +tla +cf " + path("node.crt")), 0) << output();
  close(silent);
}

TEST_F(DimseTlsTest, RefusesFilesThatAreNone) {
  EXPECT_THROW(TlsContext({path("absent.crt"), path("node.key")}), Error);
  EXPECT_THROW(TlsContext({path("node.crt"), path("clinic.key")}), Error);
  EXPECT_THROW(TlsContext({path("node.crt"), path("node.key"), path("absent.crt")}), Error);
}

// Both ends lie in this process: each of its sockets that is connected to the port, or from it, is looked at.
int prompt_sockets(std::uint16_t port) {
  int prompt = 0;
  for (int descriptor = 3; descriptor < 256; ++descriptor) {
    sockaddr_in own{}, other{};
    socklen_t size = sizeof own;
    if (getsockname(descriptor, reinterpret_cast<sockaddr*>(&own), &size)) continue;
    size = sizeof other;
    if (getpeername(descriptor, reinterpret_cast<sockaddr*>(&other), &size)) continue;
    if (ntohs(own.sin_port) != port && ntohs(other.sin_port) != port) continue;
    int on = 0;
    size = sizeof on;
    getsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, &size);
    EXPECT_TRUE(on) << (ntohs(own.sin_port) == port ? "accepted" : "opened");
    ++prompt;
  }
  return prompt;
}

TEST_F(DimseTlsTest, SendsPromptlyInBothRoles) {
  start();
  const std::string film = read_file(write_film("film.dcm"));
  {
    StoreUser user({.host = "127.0.0.1", .port = server_->port(), .ae_title = "MERIDIAN"}, kFilm);
    EXPECT_EQ(user.store(film), 0);
    EXPECT_GE(prompt_sockets(server_->port()), 2);
  }
  server_.reset();
  start_under_tls();
  StoreUser user(peer("clinic", "node"), kFilm);
  EXPECT_EQ(user.store(film), 0);
  EXPECT_GE(prompt_sockets(server_->port()), 2);
}

}  // namespace
}  // namespace meridian::doors::dimse
