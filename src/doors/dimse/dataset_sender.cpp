#include "doors/dimse/dataset_sender.h"

#include <dcmtk/dcmnet/dimse.h>
#include <dcmtk/dcmnet/dulstruc.h>

#include <algorithm>

namespace meridian::doors::dimse {
namespace {

// PS3.8, 9.3.5: the PDU's six bytes of header and the PDV's length, context and control header.
constexpr std::size_t kHeaders = 12;
constexpr std::size_t kSmallestPiece = 1024;

}  // namespace

OFCondition send_dataset(T_ASC_Association* association, T_ASC_PresentationContextID context,
                         std::string_view dataset) {
  const std::size_t buffer = std::max<std::size_t>(association->sendPDVLength, kSmallestPiece + kHeaders);
  const std::size_t largest = (buffer - kHeaders) & ~std::size_t(1);  // PS3.8, annex E: even lengths
  OFCondition sent = EC_Normal;
  while (sent.good() && !dataset.empty()) {
    const std::string_view piece = dataset.substr(0, largest);
    dataset.remove_prefix(piece.size());
    DUL_PDV pdv{};
    pdv.fragmentLength = static_cast<unsigned long>(piece.size());
    pdv.presentationContextID = context;
    pdv.pdvType = DUL_DATASETPDV;
    pdv.lastPDV = dataset.empty();
    pdv.data = const_cast<char*>(piece.data());
    DUL_PDVLIST list{};
    list.count = 1;
    list.pdv = &pdv;
    sent = DUL_WritePDVs(&association->DULassociation, &list);
  }
  return sent;
}

}  // namespace meridian::doors::dimse
