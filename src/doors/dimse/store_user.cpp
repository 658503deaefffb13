#include "doors/dimse/store_user.h"

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmnet/assoc.h>
#include <dcmtk/dcmnet/dimse.h>
#include <dcmtk/oflog/oflog.h>
#include <fmt/format.h>

#include "base/error.h"
#include "doors/dimse/transport.h"

namespace meridian::doors::dimse {
namespace {

constexpr int kSeconds = 30;  // for the association and for each answer
constexpr std::size_t kMostContexts = 128;

void check(const OFCondition& condition, const DimsePeer& peer) {
  if (condition.bad())
    throw Error(ErrorCode::unavailable, std::string("The DICOM peer cannot be used: ") + condition.text(),
                fmt::format("{} at {}:{}", peer.ae_title, peer.host, peer.port),
                "Check its address, port and AE titles");
}

}  // namespace

struct StoreUser::State {
  explicit State(const DimsePeer& peer) : peer(peer), transport(peer.tls) {}
  ~State() {
    if (association && ASC_releaseAssociation(association).bad()) ASC_abortAssociation(association);
    if (association) ASC_destroyAssociation(&association);
    if (network) ASC_dropNetwork(&network);
  }

  void open(const StoreContexts& contexts) {
    check(ASC_initializeNetwork(NET_REQUESTOR, 0, kSeconds, &network), peer);
    check(ASC_setTransportLayer(network, &transport, 0), peer);
    T_ASC_Parameters* parameters = nullptr;
    check(ASC_createAssociationParameters(&parameters, ASC_DEFAULTMAXPDU), peer);
    check(ASC_setTransportLayerType(parameters, bool(peer.tls)), peer);
    ASC_setAPTitles(parameters, peer.our_ae_title.c_str(), peer.ae_title.c_str(), nullptr);
    const std::string address = fmt::format("{}:{}", peer.host, peer.port);
    ASC_setPresentationAddresses(parameters, "localhost", address.c_str());
    T_ASC_PresentationContextID id = 1;
    for (const auto& [sop_class, syntax] : contexts) {
      const char* syntaxes[] = {syntax.c_str()};
      check(ASC_addPresentationContext(parameters, id, sop_class.c_str(), syntaxes, 1), peer);
      id = static_cast<T_ASC_PresentationContextID>(id + 2);
    }
    check(ASC_requestAssociation(network, parameters, &association), peer);
  }

  const DimsePeer peer;
  UserTransport transport;
  T_ASC_Network* network = nullptr;
  T_ASC_Association* association = nullptr;
};

StoreUser::StoreUser(const DimsePeer& peer, const StoreContexts& contexts)
    : state_(std::make_unique<State>(peer)) {
  if (contexts.empty() || contexts.size() > kMostContexts)
    throw Error(ErrorCode::invalid_value,
                fmt::format("An association has 1 to {} presentation contexts", kMostContexts));
  OFLog::configure(OFLogger::OFF_LOG_LEVEL);
  state_->open(contexts);
}

StoreUser::~StoreUser() = default;

std::uint16_t StoreUser::store(const std::string& file, const std::optional<MoveOriginator>& originator) {
  return StoreOperation(state_->association, StoreRole::of_requestor, std::chrono::seconds(kSeconds))
      .run(file, originator);
}

}  // namespace meridian::doors::dimse
