#include "doors/dimse/store_user.h"

#include "doors/dimse/user_association.h"

namespace meridian::doors::dimse {
namespace {

constexpr std::chrono::seconds kAnswer{30};

std::vector<ProposedContext> proposed(const StoreContexts& contexts) {
  std::vector<ProposedContext> proposed;
  for (const auto& [sop_class, syntax] : contexts)
    proposed.push_back({.abstract_syntax = sop_class, .transfer_syntaxes = {syntax}});
  return proposed;
}

}  // namespace

struct StoreUser::State {
  UserAssociation association;
};

StoreUser::StoreUser(const DimsePeer& peer, const StoreContexts& contexts)
    : state_(new State{.association = UserAssociation(peer, proposed(contexts))}) {}

StoreUser::~StoreUser() = default;

std::uint16_t StoreUser::store(const std::string& file, const std::optional<MoveOriginator>& originator) {
  return StoreOperation(state_->association.get(), StoreRole::of_requestor, kAnswer).run(file, originator);
}

}  // namespace meridian::doors::dimse
