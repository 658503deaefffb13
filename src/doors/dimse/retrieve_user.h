// Query and retrieval as a user (PS3.4, C): what a PACS has, and how it comes here.
#pragma once
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "doors/dimse/dimse_server.h"
#include "doors/dimse/peer.h"

namespace meridian::doors::dimse {

// What a study must match, each as archive::QueryKey::value; empty: anything.
struct StudyFilter {
  std::string study;  // its UID
  std::string patient_id, patient_name, accession, date, modality;
};

struct PeerStudy {
  std::string study, patient_id, patient_name, date, description, modalities;
  std::int64_t instances = 0;  // 0: the peer does not say
};

// Of a retrieval's sub-operations, so far. A warning is an instance that came, with something to note.
struct SubOperations {
  std::int64_t remaining = 0, completed = 0, failed = 0, warned = 0;
};
using RetrieveWatcher = std::function<void(const SubOperations&)>;

// By C-FIND (study root). Throws unavailable when the peer is gone, takes no queries or refuses this one.
std::vector<PeerStudy> find_studies(const DimsePeer& peer, const StudyFilter& filter);

// By C-GET: each instance is handed to store on the same association, and its answer goes to the peer; one of
// more bytes than largest_instance is refused. Gives the last numbers. Throws unavailable when the peer is
// gone, gives nothing by C-GET or refuses.
SubOperations get_study(const DimsePeer& peer, const std::string& study, const StoreHandler& store,
                        std::uint64_t largest_instance, const RetrieveWatcher& watch);

// By C-MOVE: the peer sends to the AE title, which it must know. As get_study.
SubOperations move_study(const DimsePeer& peer, const std::string& study, const std::string& destination,
                         const RetrieveWatcher& watch);

}  // namespace meridian::doors::dimse
