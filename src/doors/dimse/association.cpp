#include "doors/dimse/association.h"

#include <dcmtk/dcmdata/dcuid.h>
#include <dcmtk/oflog/oflog.h>

#include <algorithm>
#include <vector>

#include "archive/transfer_syntax.h"
#include "base/error.h"
#include "doors/dimse/transport.h"

namespace meridian::doors::dimse {
namespace {

constexpr long kLargestPdu = ASC_MAXIMUMPDUSIZE;
constexpr std::string_view kStorageRoot = "1.2.840.10008.5.1.4.1.1.";  // all storage classes of PS3.4, B.5

// DCMTK takes over a connection through a variable of the whole process, so one association at a time is
// taken over; the request is there already, so that this does not wait for the peer.
std::mutex& takeover_mutex() {
  static std::mutex mutex;
  return mutex;
}

ProviderTransport& acceptor_transport() {
  static ProviderTransport transport;
  return transport;
}

T_ASC_Network* acceptor_network() {
  static T_ASC_Network* const network = [] {
    OFLog::configure(OFLogger::OFF_LOG_LEVEL);
    dcmDisableGethostbyaddr.set(OFTrue);  // no name look-ups: they wait, and nobody needs the names
    T_ASC_Network* made = nullptr;
    constexpr int kAcseTimeout = 30;  // seconds
    dcmExternalSocketHandle.set(0);   // keeps DCMTK from listening itself
    const OFCondition result = ASC_initializeNetwork(NET_ACCEPTOR, 0, kAcseTimeout, &made);
    dcmExternalSocketHandle.set(-1);
    if (result.bad())
      throw Error(ErrorCode::unavailable, std::string("DCMTK's network cannot be started: ") + result.text());
    ASC_setTransportLayer(made, &acceptor_transport(), 0);
    return made;
  }();
  return network;
}

T_ASC_Association* take_over(Socket& socket, std::unique_ptr<TlsChannel> channel) {
  const std::lock_guard lock(takeover_mutex());
  T_ASC_Network* network = acceptor_network();
  T_ASC_Association* association = nullptr;
  acceptor_transport().expect(std::move(channel));
  dcmExternalSocketHandle.set(socket.descriptor());
  const OFCondition result = ASC_receiveAssociation(network, &association, kLargestPdu);
  dcmExternalSocketHandle.set(-1);
  if (association && association->DULassociation) socket.release();  // DCMTK closes it
  if (result.good()) return association;
  if (association) ASC_destroyAssociation(&association);
  return nullptr;
}

bool is_stored(const std::string& abstract_syntax) {
  return abstract_syntax.starts_with(kStorageRoot) ||
         dcmIsaStorageSOPClassUID(abstract_syntax.c_str(), ESSC_All);
}

bool is_among(std::string_view abstract_syntax, std::initializer_list<std::string_view> list) {
  return std::ranges::find(list, abstract_syntax) != list.end();
}

bool is_query_model(std::string_view abstract_syntax) {
  return is_among(abstract_syntax, {UID_FINDPatientRootQueryRetrieveInformationModel,
                                    UID_FINDStudyRootQueryRetrieveInformationModel});
}

bool is_retrieve_model(std::string_view abstract_syntax) {
  return is_among(
      abstract_syntax,
      {UID_MOVEPatientRootQueryRetrieveInformationModel, UID_MOVEStudyRootQueryRetrieveInformationModel,
       UID_GETPatientRootQueryRetrieveInformationModel, UID_GETStudyRootQueryRetrieveInformationModel});
}

bool is_answered(const std::string& abstract_syntax, const DimseHandlers& handlers) {
  if (is_query_model(abstract_syntax)) return bool(handlers.query);
  if (is_retrieve_model(abstract_syntax)) return handlers.query && handlers.read;
  if (abstract_syntax == UID_FINDModalityWorklistInformationModel) return bool(handlers.worklist);
  if (abstract_syntax == UID_ModalityPerformedProcedureStepSOPClass)
    return handlers.begin_step && handlers.update_step;
  if (abstract_syntax == UID_StorageCommitmentPushModelSOPClass)
    return handlers.commitments || handlers.report;
  if (abstract_syntax == UID_VerificationSOPClass) return true;
  return handlers.store && is_stored(abstract_syntax);
}

// A peer that retrieves by C-GET takes instances on its own association: it asks for the provider's role.
T_ASC_SC_ROLE accepted_role(T_ASC_SC_ROLE proposed) {
  const bool wants_to_provide = proposed == ASC_SC_ROLE_SCP || proposed == ASC_SC_ROLE_SCUSCP;
  return wants_to_provide ? proposed : ASC_SC_ROLE_DEFAULT;
}

// The proposer's first choice that the archive keeps; big endian, deflated and implicit VR only when nothing
// else is.
std::string choose_transfer_syntax(const T_ASC_PresentationContext& context) {
  std::string second;
  for (int i = 0; i < context.transferSyntaxCount; ++i) {
    const archive::TransferSyntax* syntax =
        archive::find_transfer_syntax(context.proposedTransferSyntaxes[i]);
    if (!syntax) continue;
    if (syntax->explicit_vr && !syntax->big_endian && !syntax->deflated) return std::string(syntax->uid);
    if (second.empty()) second = syntax->uid;
  }
  return second;
}

bool may_call(const DimseOptions& options, const std::string& title) {
  const auto& known = options.calling_ae_titles;
  return known.empty() || std::ranges::find(known, title) != known.end();
}

}  // namespace

std::unique_ptr<Association> Association::accept(Socket socket, std::unique_ptr<TlsChannel> channel,
                                                 std::string address, const DimseOptions& options,
                                                 const DimseHandlers& handlers) {
  T_ASC_Association* taken = take_over(socket, std::move(channel));
  if (!taken) return nullptr;
  std::unique_ptr<Association> association(new Association(taken));
  association->peer_.address = std::move(address);
  if (!association->negotiate(options, handlers)) return nullptr;
  return association;
}

Association::~Association() {
  if (open_) ASC_abortAssociation(association_);
  ASC_dropAssociation(association_);
  ASC_destroyAssociation(&association_);
}

bool Association::reject(T_ASC_RejectParametersResult result, T_ASC_RejectParametersSource source,
                         T_ASC_RejectParametersReason reason) {
  const T_ASC_RejectParameters parameters{result, source, reason};
  ASC_rejectAssociation(association_, &parameters);
  return false;
}

bool Association::negotiate(const DimseOptions& options, const DimseHandlers& handlers) {
  T_ASC_Parameters* parameters = association_->params;
  char calling[128] = "", called[128] = "", responding[128] = "", context_name[128] = "";
  ASC_getAPTitles(parameters, calling, sizeof calling, called, sizeof called, responding, sizeof responding);
  peer_.calling_ae_title = calling;
  peer_.called_ae_title = called;
  const bool named = ASC_getApplicationContextName(parameters, context_name, sizeof context_name).good();
  if (!named || std::string_view(context_name) != UID_StandardApplicationContext)
    return reject(ASC_RESULT_REJECTEDPERMANENT, ASC_SOURCE_SERVICEUSER,
                  ASC_REASON_SU_APPCONTEXTNAMENOTSUPPORTED);
  if (peer_.called_ae_title != options.ae_title)
    return reject(ASC_RESULT_REJECTEDPERMANENT, ASC_SOURCE_SERVICEUSER,
                  ASC_REASON_SU_CALLEDAETITLENOTRECOGNIZED);
  if (!may_call(options, peer_.calling_ae_title))
    return reject(ASC_RESULT_REJECTEDPERMANENT, ASC_SOURCE_SERVICEUSER,
                  ASC_REASON_SU_CALLINGAETITLENOTRECOGNIZED);

  for (int i = 0; i < ASC_countPresentationContexts(parameters); ++i) {
    T_ASC_PresentationContext context{};
    if (ASC_getPresentationContext(parameters, i, &context).bad()) continue;
    answer_context(context, handlers);
  }
  open_ = ASC_acknowledgeAssociation(association_).good();
  return open_;
}

void Association::answer_context(const T_ASC_PresentationContext& context, const DimseHandlers& handlers) {
  const std::string syntax = choose_transfer_syntax(context);
  const bool answered = is_answered(context.abstractSyntax, handlers);
  if (answered && !syntax.empty())
    ASC_acceptPresentationContext(association_->params, context.presentationContextID, syntax.c_str(),
                                  accepted_role(context.proposedRole));
  else
    ASC_refusePresentationContext(
        association_->params, context.presentationContextID,
        answered ? ASC_P_TRANSFERSYNTAXESNOTSUPPORTED : ASC_P_ABSTRACTSYNTAXNOTSUPPORTED);
}

std::unique_ptr<DcmDataset> Association::receive_dataset(T_ASC_PresentationContextID context,
                                                         std::chrono::seconds at_most) {
  DcmDataset* received = nullptr;
  const OFCondition arrived =
      DIMSE_receiveDataSetInMemory(association_, DIMSE_NONBLOCKING, static_cast<int>(at_most.count()),
                                   &context, &received, nullptr, nullptr);
  std::unique_ptr<DcmDataset> dataset(received);
  if (arrived.bad() || !dataset) throw Error(ErrorCode::unavailable, arrived.text());
  return dataset;
}

void Association::release() {
  ASC_acknowledgeRelease(association_);
  open_ = false;
}

}  // namespace meridian::doors::dimse
