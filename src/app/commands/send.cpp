#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <iterator>

#include "app/commands/commands.h"
#include "app/dicom_options.h"
#include "app/progress.h"
#include "archive/parse.h"
#include "archive/transfer_syntax.h"
#include "base/error.h"
#include "base/file.h"
#include "doors/dimse/echo_user.h"
#include "doors/dimse/store_user.h"

namespace meridian::app {
namespace {

namespace fs = std::filesystem;
using doors::dimse::StoreContexts;

constexpr std::size_t kMostContexts = 128;  // of an association

std::vector<fs::path> files_of(const std::vector<fs::path>& named) {
  std::vector<fs::path> files;
  for (const fs::path& path : named) {
    if (!fs::is_directory(path)) {
      files.push_back(path);
      continue;
    }
    for (const auto& entry : fs::recursive_directory_iterator(path))
      if (entry.is_regular_file()) files.push_back(entry.path());
  }
  std::ranges::sort(files);
  return files;
}

// Sends what is named, over one association after another.
class Sending {
 public:
  explicit Sending(const doors::dimse::DimsePeer& peer) : peer_(peer) {}

  void send(const std::vector<fs::path>& files) {
    total_ = std::ssize(files);
    for (const fs::path& file : files) {
      try {
        const archive::InstanceFacts facts =
            archive::parse_instance(read_file(file, archive::kLargestInstance)).facts;
        if (contexts_.size() + 3 > kMostContexts) send_waiting();
        for (const std::string_view syntax : {std::string_view(facts.transfer_syntax),
                                              archive::kExplicitLittleEndian, archive::kImplicitLittleEndian})
          contexts_.emplace(facts.sop_class, syntax);
        waiting_.push_back(file);
      } catch (const Error& error) {
        fail(file, error);
      }
    }
    send_waiting();
    progress_.end();
    std::printf("%lld instances sent\n", static_cast<long long>(sent_));
    for (const std::string& failure : failures_) std::fprintf(stderr, "meridian: %s\n", failure.c_str());
    if (!failures_.empty())
      throw Error(ErrorCode::refused, std::to_string(failures_.size()) + " files could not be sent");
  }

 private:
  void send_waiting() {
    if (waiting_.empty()) return;
    doors::dimse::StoreUser user(peer_, contexts_);
    for (const fs::path& file : waiting_) send_one(user, file);
    waiting_.clear();
    contexts_.clear();
  }

  void send_one(doors::dimse::StoreUser& user, const fs::path& file) {
    try {
      const std::uint16_t status = user.store(read_file(file, archive::kLargestInstance));
      const bool is_kept = status == 0 || (status & 0xF000) == 0xB000;  // with a warning
      if (!is_kept)
        throw Error(ErrorCode::refused, fmt::format("The peer refuses it with status {:04X}", status));
      ++sent_;
    } catch (const Error& error) {
      if (error.code() == ErrorCode::unavailable) throw;
      fail(file, error);
    }
    progress_.show(sent_ + std::ssize(failures_), total_);
  }

  void fail(const fs::path& file, const Error& error) {
    failures_.push_back(file.string() + ": " + error.describe());
  }

  const doors::dimse::DimsePeer& peer_;
  StoreContexts contexts_;
  std::vector<fs::path> waiting_;
  std::vector<std::string> failures_;
  std::int64_t sent_ = 0, total_ = 0;
  Progress progress_{"Sending", "files"};
};

doors::dimse::DimsePeer peer_of(const Configuration& configuration, const std::string& title) {
  return app::peer_of(dimse_options(configuration, NodeFolder(configuration.data_folder)), title);
}

}  // namespace

void echo(const Configuration& configuration, const std::string& peer) {
  doors::dimse::echo(peer_of(configuration, peer));
  std::printf("%s answers\n", peer.c_str());
}

void send(const Configuration& configuration, const SendOptions& options) {
  const doors::dimse::DimsePeer peer = peer_of(configuration, options.peer);
  const std::vector<fs::path> files = files_of(options.files);
  if (files.empty()) throw Error(ErrorCode::usage, "There is no file to send");
  Sending(peer).send(files);
}

}  // namespace meridian::app
