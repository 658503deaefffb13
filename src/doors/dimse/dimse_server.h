// The DICOM network's way in (PS3.7, PS3.8): verification, storage, query, retrieval,
// modality worklist, performed procedure steps and storage commitment as a provider.
//
// One thread an association; a peer that is slow or silent holds up nobody else. TCP_NODELAY is set on every
// socket.
#pragma once
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "archive/query.h"
#include "base/json.h"
#include "doors/dimse/commitment.h"
#include "doors/dimse/peer.h"

namespace meridian::doors::dimse {

// Takes a whole instance (a Part 10 file) and gives the DIMSE status (PS3.4, B.2.3), 0 for success, once the
// instance is durable. An Error that it throws is answered with its status and its text. Called by many
// threads at once.
using StoreHandler = std::function<std::uint16_t(std::string bytes, const PeerFacts& peer)>;
// Its status for an instance that is kept and is not as its SOP class wants it (a warning).
inline constexpr std::uint16_t kStoredWithFlaws = 0xB007;

// Answers a C-FIND with what matches, as DICOM JSON. An Error that it throws is answered with its status and
// text. Called by many threads at once.
using QueryHandler = std::function<std::vector<Json>(const archive::Query& query, const PeerFacts& peer)>;

// The file of an instance that a peer retrieves. Throws not_found, also when the peer may not see it.
using ReadHandler = std::function<std::string(const std::string& instance, const PeerFacts& peer)>;

// Answers a C-FIND of the modality worklist with its items, as DICOM JSON.
using WorklistHandler =
    std::function<std::vector<Json>(const std::vector<archive::QueryKey>& keys, const PeerFacts& peer)>;

// Takes a performed procedure step, or a change of one, with its attributes as DICOM JSON. An Error that it
// throws is answered with its status and text.
using StepHandler =
    std::function<void(const std::string& uid, const Json& attributes, const PeerFacts& peer)>;

// Takes a peer's report of a storage commitment that it was asked for. An Error that it throws is answered
// with its status.
using ReportHandler = std::function<void(const CommitmentReport& report, const PeerFacts& peer)>;

// What a node does with what it is asked; what has no handler is not accepted.
struct DimseHandlers {
  StoreHandler store = {};
  QueryHandler query = {};  // of C-FIND; also finds what C-MOVE and C-GET send
  ReadHandler read = {};    // with query: C-MOVE and C-GET
  WorklistHandler worklist = {};
  StepHandler begin_step = {}, update_step = {};  // both or none: performed procedure steps
  Commitments* commitments = nullptr;             // storage commitment; outlives the server
  ReportHandler report = {};                      // storage commitment by others
};

struct DimseOptions {
  std::string address = "127.0.0.1";           // to listen on; IPv4
  std::uint16_t port = 11112;                  // 0: any that is free
  std::string ae_title = "MERIDIAN";           // at most 16 characters; peers must call it by this
  std::vector<std::string> calling_ae_titles;  // who may call; empty: anyone
  std::vector<DimsePeer> destinations;         // to which C-MOVE may send; told of commitments
  std::shared_ptr<const TlsContext> tls;       // see tls.h; nullptr: in the clear
  int largest_number_of_associations = 64;  // more are rejected for now (PS3.8, 9.3.4: local limit exceeded)
  std::chrono::seconds handshake{10};       // from the connection to the complete request
  std::chrono::seconds idle{60};            // without a message, after which the association is aborted
  std::uint64_t largest_instance = std::uint64_t(2) << 30;  // bytes; a larger one is refused with A700
};

class DimseServer {
 public:
  // Listens when it returns. Throws invalid_configuration (an AE title that is none), unavailable (the port
  // is taken).
  DimseServer(const DimseOptions& options, DimseHandlers handlers);
  // Stops: instances being received are given up, those handed to the handler are waited for.
  ~DimseServer();
  DimseServer(const DimseServer&) = delete;
  DimseServer& operator=(const DimseServer&) = delete;

  std::uint16_t port() const;
  void stop();  // safe to call twice

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace meridian::doors::dimse
