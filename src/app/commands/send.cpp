#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <iterator>
#include <map>
#include <memory>
#include <optional>

#include "app/commands/commands.h"
#include "app/dicom_options.h"
#include "app/files_below.h"
#include "app/progress.h"
#include "archive/parse.h"
#include "archive/transfer_syntax.h"
#include "base/error.h"
#include "base/file.h"
#include "doors/dimse/commitment_user.h"
#include "doors/dimse/echo_user.h"
#include "doors/dimse/status.h"
#include "doors/dimse/store_user.h"

namespace meridian::app {
namespace {

namespace fs = std::filesystem;
using doors::dimse::StoreContexts;
using Reference = doors::dimse::CommitmentRequest::Reference;

constexpr std::size_t kMostContexts = 128;    // of an association
constexpr std::chrono::seconds kReport{300};  // in which a peer says what it keeps

std::vector<fs::path> files_of(const std::vector<fs::path>& named) {
  std::vector<fs::path> files;
  for (const fs::path& path : named) {
    if (fs::is_directory(path))
      std::ranges::move(files_below(path), std::back_inserter(files));
    else
      files.push_back(path);
  }
  std::ranges::sort(files);
  return files;
}

// A file that is to be sent, and what it holds.
struct Outgoing {
  fs::path file;
  Reference reference;
};

// Sends what is named, over one association after another.
class Sending {
 public:
  explicit Sending(const doors::dimse::DimsePeer& peer) : peer_(peer) {}

  void send(const std::vector<fs::path>& files) {
    total_ = std::ssize(files);
    try {
      for (const fs::path& file : files) add(file);
      send_waiting();
    } catch (const Error&) {
      report();
      throw;
    }
    report();
    if (!failures_.empty())
      throw Error(ErrorCode::refused, std::to_string(failures_.size()) + " files could not be sent");
  }

  // Those that the peer has taken.
  const std::vector<Reference>& sent() const { return sent_; }

 private:
  void add(const fs::path& file) {
    const auto facts = facts_of(file);
    if (!facts) return;
    if (contexts_.size() + 3 > kMostContexts) send_waiting();
    for (const std::string_view syntax : {std::string_view(facts->transfer_syntax),
                                          archive::kExplicitLittleEndian, archive::kImplicitLittleEndian})
      contexts_.emplace(facts->sop_class, syntax);
    waiting_.push_back({file, {facts->sop_class, facts->key.instance}});
  }

  std::optional<archive::InstanceFacts> facts_of(const fs::path& file) {
    try {
      return archive::parse_instance(read_file(file, archive::kLargestInstance)).facts;
    } catch (const Error& error) {
      fail(file, error);
      return std::nullopt;
    }
  }

  void report() {
    progress_.end();
    const std::int64_t missing = total_ - std::ssize(sent_);
    std::printf("%zu instances sent", sent_.size());
    if (missing > 0) std::printf(", %lld files not sent", static_cast<long long>(missing));
    std::printf("\n");
    for (const std::string& failure : failures_) std::fprintf(stderr, "meridian: %s\n", failure.c_str());
  }

  void send_waiting() {
    if (waiting_.empty()) return;
    doors::dimse::StoreUser user(peer_, contexts_);
    for (const Outgoing& one : waiting_) send_one(user, one);
    waiting_.clear();
    contexts_.clear();
  }

  void send_one(doors::dimse::StoreUser& user, const Outgoing& one) {
    try {
      const std::uint16_t status = user.store(read_file(one.file, archive::kLargestInstance));
      if (status != doors::dimse::kSuccess && !doors::dimse::is_warning(status))
        throw Error(ErrorCode::refused, fmt::format("The peer refuses it with status {:04X}", status));
      sent_.push_back(one.reference);
    } catch (const Error& error) {
      fail(one.file, error);
      if (error.code() == ErrorCode::unavailable) throw;
    }
    progress_.show(std::ssize(sent_) + std::ssize(failures_), total_);
  }

  void fail(const fs::path& file, const Error& error) {
    failures_.push_back(file.string() + ": " + error.describe());
  }

  const doors::dimse::DimsePeer& peer_;
  StoreContexts contexts_;
  std::vector<Outgoing> waiting_;
  std::vector<Reference> sent_;
  std::vector<std::string> failures_;
  std::int64_t total_ = 0;
  Progress progress_{"Sending", "files"};
};

doors::dimse::DimseOptions options_of(const Configuration& configuration) {
  return dimse_options(configuration, NodeFolder(configuration.data_folder));
}

// A peer that knows where this node is reports there, on an association of its own.
std::unique_ptr<doors::dimse::DimseServer> listen(const doors::dimse::DimseOptions& options,
                                                  doors::dimse::ReceivedReports& reports) {
  try {
    return std::make_unique<doors::dimse::DimseServer>(
        options, doors::dimse::DimseHandlers{
                     .report = [&reports](const doors::dimse::CommitmentReport& report,
                                          const doors::dimse::PeerFacts&) { reports.add(report); }});
  } catch (const Error& error) {
    if (error.code() != ErrorCode::unavailable) throw;
    std::fprintf(stderr, "meridian: %s; only what the peer reports on our association is heard\n",
                 error.describe().c_str());
    return nullptr;
  }
}

// Asks whether the peer keeps them safely. Throws refused when it does not keep all.
void ask_commitment(const doors::dimse::DimseOptions& options, const doors::dimse::DimsePeer& peer,
                    const std::vector<Reference>& sent) {
  if (sent.empty()) return;
  doors::dimse::ReceivedReports reports;
  const auto server = listen(options, reports);
  const doors::dimse::CommitmentReport report = doors::dimse::ask_commitment(peer, sent, reports, kReport);
  std::map<std::string, std::uint16_t> said;  // by instance
  for (const auto& reference : report.references) said[reference.instance] = reference.failure;
  std::size_t kept = 0;
  for (const Reference& reference : sent) {
    const auto found = said.find(reference.instance);
    if (found != said.end() && found->second == 0)
      ++kept;
    else if (found != said.end())
      std::fprintf(stderr, "meridian: %s is not kept safely: reason %04X\n", reference.instance.c_str(),
                   unsigned(found->second));
    else
      std::fprintf(stderr, "meridian: of %s the peer says nothing\n", reference.instance.c_str());
  }
  std::printf("%zu instances kept safely\n", kept);
  if (kept < sent.size())
    throw Error(ErrorCode::refused,
                std::to_string(sent.size() - kept) + " instances are not kept safely by the peer");
}

}  // namespace

void echo(const Configuration& configuration, const std::string& peer) {
  doors::dimse::echo(peer_of(options_of(configuration), peer));
  std::printf("%s answers\n", peer.c_str());
}

void send(const Configuration& configuration, const SendOptions& options) {
  const doors::dimse::DimseOptions dicom = options_of(configuration);
  const doors::dimse::DimsePeer peer = peer_of(dicom, options.peer);
  const std::vector<fs::path> files = files_of(options.files);
  if (files.empty()) throw Error(ErrorCode::usage, "There is no file to send");
  Sending sending(peer);
  sending.send(files);
  if (options.commit) ask_commitment(dicom, peer, sending.sent());
}

}  // namespace meridian::app
