#include "doors/dimse/store_operation.h"

#include <dcmtk/dcmnet/dimse.h>

#include <array>

#include "archive/parse.h"
#include "archive/part10.h"
#include "archive/transcode.h"
#include "base/error.h"
#include "doors/dimse/store_sender.h"

namespace meridian::doors::dimse {
namespace {

void check(const OFCondition& condition) {
  if (condition.bad())
    throw Error(ErrorCode::unavailable, std::string("The DICOM peer is gone: ") + condition.text());
}

// Whether the peer takes instances in this context, and does not give them.
bool peer_provides(const T_ASC_PresentationContext& context, StoreRole role) {
  const bool as_provider = context.acceptedRole == ASC_SC_ROLE_SCP;
  if (role == StoreRole::of_requestor) return !as_provider;
  return as_provider || context.acceptedRole == ASC_SC_ROLE_SCUSCP;
}

}  // namespace

T_ASC_PresentationContextID StoreOperation::context_for(const std::string& sop_class,
                                                        std::string_view syntax) const {
  T_ASC_Parameters* parameters = association_->params;
  for (int i = 0; i < ASC_countPresentationContexts(parameters); ++i) {
    T_ASC_PresentationContext context{}, accepted{};
    const bool fits =
        ASC_getPresentationContext(parameters, i, &context).good() && sop_class == context.abstractSyntax &&
        ASC_findAcceptedPresentationContext(parameters, context.presentationContextID, &accepted).good() &&
        syntax == accepted.acceptedTransferSyntax && peer_provides(accepted, role_);
    if (fits) return context.presentationContextID;
  }
  return 0;
}

std::uint16_t StoreOperation::run(std::string file, const std::optional<MoveOriginator>& originator) {
  archive::Parsed parsed = archive::parse_instance(std::move(file));
  const archive::InstanceFacts& facts = parsed.facts;
  auto context = context_for(facts.sop_class, facts.transfer_syntax);
  for (const std::string_view native : {archive::kExplicitLittleEndian, archive::kImplicitLittleEndian}) {
    if (context) break;
    context = context_for(facts.sop_class, native);
    if (context) parsed.file = archive::to_native(std::move(parsed.file), native);
  }
  if (!context)
    throw Error(ErrorCode::not_supported,
                "The peer does not take instances of this class and transfer syntax",
                facts.sop_class + ", " + facts.transfer_syntax);
  StoreCommand command{.sop_class = facts.sop_class,
                       .instance = facts.key.instance,
                       .message = static_cast<std::uint16_t>(association_->nextMsgID++)};
  if (originator) {
    command.move_originator = originator->ae_title;
    command.move_message = originator->message;
  }
  const archive::FileMeta meta = archive::read_file_meta(parsed.file);
  check(
      send_store(association_, context, command, std::string_view(parsed.file).substr(meta.dataset_offset)));
  return receive_status(command.message);
}

std::uint16_t StoreOperation::receive_status(std::uint16_t message) {
  for (;;) {
    T_ASC_PresentationContextID answered = 0;
    T_DIMSE_Message answer{};
    DcmDataset* detail = nullptr;
    const OFCondition received = DIMSE_receiveCommand(
        association_, DIMSE_NONBLOCKING, static_cast<int>(at_most_.count()), &answered, &answer, &detail);
    delete detail;
    check(received);
    if (answer.CommandField == DIMSE_C_CANCEL_RQ && role_ == StoreRole::of_acceptor) {
      cancelled_ = true;
      continue;
    }
    if (answer.CommandField == DIMSE_C_STORE_RSP && answer.msg.CStoreRSP.MessageIDBeingRespondedTo == message)
      return answer.msg.CStoreRSP.DimseStatus;
    throw Error(ErrorCode::unavailable, "The DICOM peer answered something else than what it was asked");
  }
}

}  // namespace meridian::doors::dimse
