#include "doors/dimse/receive_bytes.h"

#include "archive/metadata.h"
#include "archive/scan.h"
#include "base/error.h"

namespace meridian::doors::dimse {
namespace {

constexpr std::uint64_t kLargestAttributes = std::uint64_t(16) << 20;  // bytes

DUL_PDV next_piece(T_ASC_Association* association, std::chrono::seconds at_most) {
  DUL_PDV piece{};
  if (DUL_NextPDV(&association->DULassociation, &piece).good()) return piece;
  const int seconds = static_cast<int>(at_most.count());
  if (!ASC_dataWaiting(association, seconds))
    throw Error(ErrorCode::timed_out, "The peer fell silent within a message");
  const OFCondition read = DUL_ReadPDVs(&association->DULassociation, nullptr, DUL_NOBLOCK, seconds);
  if (read != DUL_PDATAPDUARRIVED || DUL_NextPDV(&association->DULassociation, &piece).bad())
    throw Error(ErrorCode::unavailable, "The peer left within a message");
  return piece;
}

}  // namespace

std::optional<std::string> receive_bytes(T_ASC_Association* association, T_ASC_PresentationContextID context,
                                         std::uint64_t largest, std::chrono::seconds at_most,
                                         std::string after) {
  const std::uint64_t limit = after.size() + largest;
  bool too_large = false;
  for (bool last = false; !last;) {
    const DUL_PDV piece = next_piece(association, at_most);
    if (piece.pdvType != DUL_DATASETPDV || piece.presentationContextID != context)
      throw Error(ErrorCode::invalid_request, "A message's data set is interrupted by another message");
    last = piece.lastPDV;
    too_large = too_large || after.size() + piece.fragmentLength > limit;
    if (!too_large) after.append(static_cast<const char*>(piece.data), piece.fragmentLength);
  }
  if (too_large) return {};
  return after;
}

Json receive_attributes(T_ASC_Association* association, T_ASC_PresentationContextID context,
                        std::chrono::seconds at_most) {
  const auto bytes = receive_bytes(association, context, kLargestAttributes, at_most);
  if (!bytes) throw Error(ErrorCode::too_large, "The message has more attributes than this node takes");
  const auto* syntax = archive::find_transfer_syntax(transfer_syntax_of(association, context));
  if (!syntax || syntax->deflated)
    throw Error(ErrorCode::not_supported, "Messages are not taken in this transfer syntax");
  archive::scan_dataset(*bytes, *syntax);
  return archive::dicom_json(*bytes, *syntax, 0, {});
}

std::string transfer_syntax_of(T_ASC_Association* association, T_ASC_PresentationContextID context) {
  T_ASC_PresentationContext found{};
  if (ASC_findAcceptedPresentationContext(association->params, context, &found).bad()) return {};
  return found.acceptedTransferSyntax;
}

}  // namespace meridian::doors::dimse
