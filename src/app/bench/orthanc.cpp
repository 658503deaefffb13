#include "app/bench/orthanc.h"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <optional>

#include "app/bench/scan_copies.h"
#include "archive/transfer_syntax.h"
#include "base/error.h"
#include "base/file.h"
#include "base/json.h"
#include "doors/dimse/socket.h"

namespace meridian::app {
namespace {

constexpr const char* kProgram = "/usr/sbin/Orthanc";
constexpr const char* kDicomweb = "/usr/share/orthanc/plugins/libOrthancDicomWeb.so";
constexpr int kTries = 100;  // of a tenth of a second each

std::uint16_t free_port() {
  return doors::dimse::Listener("127.0.0.1", 0).port();
}

// TCP_NODELAY on its side as on ours, and nothing leaves the loopback.
std::string configuration(const std::filesystem::path& folder, std::uint16_t port, std::uint16_t http_port,
                          bool synchronous) {
  Json plugins = Json::array();
  if (Orthanc::has_dicomweb()) plugins.push_back(kDicomweb);
  return Json::object({{"StorageDirectory", folder.string()},
                       {"IndexDirectory", folder.string()},
                       {"DicomPort", std::int64_t(port)},
                       {"DicomAet", "ORTHANC"},
                       {"DicomAlwaysAllowStore", true},
                       {"HttpServerEnabled", true},
                       {"HttpPort", std::int64_t(http_port)},
                       {"KeepAlive", true},
                       {"RemoteAccessAllowed", false},
                       {"AuthenticationEnabled", false},
                       {"Plugins", std::move(plugins)},
                       {"DicomServerEnabled", true},
                       {"TcpNoDelay", true},
                       {"SyncStorageArea", synchronous}})
      .dump();
}

pid_t start(const std::filesystem::path& file) {
  std::string path = file.string();
  char* const arguments[] = {const_cast<char*>(kProgram), path.data(), nullptr};
  char nodelay[] = "TCP_NODELAY=1";
  char* const environment[] = {nodelay, nullptr};
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  for (const int stream : {STDOUT_FILENO, STDERR_FILENO})
    posix_spawn_file_actions_addopen(&actions, stream, "/dev/null", O_WRONLY, 0);
  pid_t process = -1;
  const int failed = posix_spawn(&process, kProgram, &actions, nullptr, arguments, environment);
  posix_spawn_file_actions_destroy(&actions);
  if (failed) throw Error(ErrorCode::unavailable, "Orthanc cannot be started", kProgram);
  return process;
}

bool answers(const doors::dimse::DimsePeer& peer) {
  try {
    const doors::dimse::StoreUser user(peer,
                                       {{kCtImageStorage, std::string(archive::kExplicitLittleEndian)}});
    return true;
  } catch (const Error&) {
    return false;  // not yet
  }
}

}  // namespace

bool Orthanc::is_installed() {
  return access(kProgram, X_OK) == 0;
}

bool Orthanc::has_dicomweb() {
  return access(kDicomweb, R_OK) == 0;
}

Orthanc::Orthanc(const std::filesystem::path& folder, bool synchronous)
    : peer_{.host = "127.0.0.1", .port = free_port(), .ae_title = "ORTHANC"}, http_port_(free_port()) {
  std::filesystem::create_directories(folder);
  const std::filesystem::path file = folder / "orthanc.json";
  write_file(file, configuration(folder, peer_.port, http_port_, synchronous));
  process_ = start(file);
  for (int i = 0; i < kTries; ++i) {
    if (answers(peer_)) return;
    poll(nullptr, 0, 100);
  }
  kill(process_, SIGKILL);
  waitpid(process_, nullptr, 0);
  throw Error(ErrorCode::unavailable, "Orthanc does not answer",
              peer_.host + ":" + std::to_string(peer_.port));
}

// Its folder goes with it, so it need not end well; asked to, it was seen to hang.
Orthanc::~Orthanc() {
  kill(process_, SIGKILL);
  waitpid(process_, nullptr, 0);
}

}  // namespace meridian::app
