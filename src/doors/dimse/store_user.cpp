#include "doors/dimse/store_user.h"

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmnet/assoc.h>
#include <dcmtk/dcmnet/dcmlayer.h>
#include <dcmtk/dcmnet/dimse.h>
#include <dcmtk/oflog/oflog.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include "archive/parse.h"
#include "archive/part10.h"
#include "base/error.h"
#include "doors/dimse/store_sender.h"

namespace meridian::doors::dimse {
namespace {

constexpr int kSeconds = 30;  // for the association and for each answer
constexpr std::size_t kMostContexts = 128;

// Sets TCP_NODELAY on each connection: without it every store waits for a delayed acknowledgement.
class PromptTransportLayer : public DcmTransportLayer {
 public:
  DcmTransportConnection* createConnection(DcmNativeSocketType socket, OFBool secure) override {
    const int on = 1;
    setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    return DcmTransportLayer::createConnection(socket, secure);
  }
};

void check(const OFCondition& condition, const DimsePeer& peer) {
  if (condition.bad())
    throw Error(ErrorCode::unavailable, std::string("The DICOM peer cannot be used: ") + condition.text(),
                fmt::format("{} at {}:{}", peer.ae_title, peer.host, peer.port),
                "Check its address, port and AE titles");
}

}  // namespace

struct StoreUser::State {
  explicit State(const DimsePeer& peer) : peer(peer) {}
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
  PromptTransportLayer transport;
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

std::uint16_t StoreUser::store(const std::string& file) {
  const archive::Parsed parsed = archive::parse_instance(file);
  const archive::InstanceFacts& facts = parsed.facts;
  T_ASC_Association* association = state_->association;
  const auto context = ASC_findAcceptedPresentationContextID(association, facts.sop_class.c_str(),
                                                             facts.transfer_syntax.c_str());
  T_ASC_PresentationContext accepted{};
  const bool found =
      context && ASC_findAcceptedPresentationContext(association->params, context, &accepted).good();
  if (!found || facts.transfer_syntax != accepted.acceptedTransferSyntax)
    throw Error(ErrorCode::not_supported,
                "The peer does not take instances of this class and transfer syntax",
                facts.sop_class + ", " + facts.transfer_syntax);

  const archive::FileMeta meta = archive::read_file_meta(parsed.file);
  const StoreCommand command{.sop_class = facts.sop_class,
                             .instance = facts.key.instance,
                             .message = static_cast<std::uint16_t>(association->nextMsgID++)};
  check(send_store(association, context, command, std::string_view(parsed.file).substr(meta.dataset_offset)),
        state_->peer);
  T_ASC_PresentationContextID answered = 0;
  T_DIMSE_Message answer{};
  DcmDataset* detail = nullptr;
  const OFCondition received =
      DIMSE_receiveCommand(association, DIMSE_NONBLOCKING, kSeconds, &answered, &answer, &detail);
  delete detail;
  check(received, state_->peer);
  if (answer.CommandField != DIMSE_C_STORE_RSP ||
      answer.msg.CStoreRSP.MessageIDBeingRespondedTo != command.message)
    throw Error(ErrorCode::unavailable, "The DICOM peer answered something else than what it was asked",
                state_->peer.ae_title);
  return answer.msg.CStoreRSP.DimseStatus;
}

}  // namespace meridian::doors::dimse
