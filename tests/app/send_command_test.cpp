// `meridian send` and `meridian echo`, as a PACS meets them.
#include <gmock/gmock.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <memory>
#include <mutex>
#include <vector>

#include "app/commands/commands.h"
#include "archive/compose.h"
#include "archive/parse.h"
#include "base/error_of.h"
#include "base/file.h"
#include "base/temporary_folder.h"
#include "doors/dimse/dimse_server.h"

namespace meridian::app {
namespace {

class SendCommandTest : public ::testing::Test {
 protected:
  SendCommandTest() {
    doors::dimse::DimseOptions options;
    options.port = 0;
    options.ae_title = "PACS";
    server_ = std::make_unique<doors::dimse::DimseServer>(
        options, doors::dimse::DimseHandlers{
                     .store =
                         [this](std::string bytes, const doors::dimse::PeerFacts&) {
                           const std::lock_guard lock(mutex_);
                           const std::string uid =
                               archive::parse_instance(std::move(bytes)).facts.key.instance;
                           kept_.push_back(uid);
                           if (uid == breaks_at_) hang_up();
                           return uid == refused_ ? std::uint16_t(0xA700) : std::uint16_t(0xB007);
                         },
                     .query = {}});
    configuration_ = Configuration::parse(
        "[dicom]\ncallers = \"PACS=Organization/a@127.0.0.1:" + std::to_string(server_->port()) + "\"\n",
        "node.toml");
    configuration_.data_folder = folder_.path();
  }

  // The server's connections are those of its port.
  void hang_up() const {
    for (int descriptor = 3; descriptor < 1'024; ++descriptor) {
      sockaddr_in own{}, other{};
      socklen_t own_size = sizeof own, other_size = sizeof other;
      const bool is_connection =
          getsockname(descriptor, reinterpret_cast<sockaddr*>(&own), &own_size) == 0 &&
          getpeername(descriptor, reinterpret_cast<sockaddr*>(&other), &other_size) == 0;
      if (is_connection && ntohs(own.sin_port) == server_->port()) shutdown(descriptor, SHUT_RDWR);
    }
  }

  std::filesystem::path film(const std::string& uid) {
    archive::FilmFacts facts;
    facts.patient_id = "P-1";
    facts.instance_uid = uid;
    const vision::GreyImage image{8, 4, std::vector<float>(32, 0.5f), {}};
    const auto path = folder_ / (uid + ".dcm");
    write_file(path, archive::compose_film(image, facts));
    return path;
  }

  TemporaryFolder folder_;
  std::mutex mutex_;
  std::vector<std::string> kept_;
  std::string refused_, breaks_at_;
  std::unique_ptr<doors::dimse::DimseServer> server_;
  Configuration configuration_;
};

TEST_F(SendCommandTest, SendsEachFile) {
  EXPECT_NO_THROW(echo(configuration_, "PACS"));
  EXPECT_THROW(echo(configuration_, "OTHER"), Error);
  EXPECT_NO_THROW(send(configuration_, {"PACS", {film("1.2.1"), film("1.2.2")}}));
  EXPECT_EQ(kept_.size(), 2u);
  EXPECT_THROW(send(configuration_, {"OTHER", {film("1.2.1")}}), Error);
}

// What was sent before it broke off was sent.
TEST_F(SendCommandTest, SaysHowFarItCame) {
  breaks_at_ = "1.2.2";
  ::testing::internal::CaptureStdout();
  EXPECT_EQ(code_of([&] {
              send(configuration_, {"PACS", {film("1.2.1"), film("1.2.2"), film("1.2.3")}});
            }),
            ErrorCode::unavailable);
  EXPECT_EQ(::testing::internal::GetCapturedStdout(), "1 instances sent, 2 files not sent\n");
}

TEST_F(SendCommandTest, SaysWhichWereNotTaken) {
  refused_ = "1.2.1";
  write_file(folder_ / "notes.dcm", "no DICOM");
  EXPECT_THROW(send(configuration_, {"PACS", {film("1.2.1"), folder_ / "notes.dcm", film("1.2.2")}}), Error);
  EXPECT_EQ(kept_.size(), 2u);
}

}  // namespace
}  // namespace meridian::app
