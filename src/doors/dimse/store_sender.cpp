#include "doors/dimse/store_sender.h"

#include <dcmtk/dcmnet/dimse.h>
#include <dcmtk/dcmnet/dulstruc.h>

#include <algorithm>

#include "archive/bytes.h"

namespace meridian::doors::dimse {
namespace {

// PS3.8, 9.3.5: the PDU's six bytes of header and the PDV's length, context and control header.
constexpr std::size_t kHeaders = 12;
constexpr std::size_t kSmallestPiece = 1024;

constexpr std::uint16_t kStoreRequest = 0x0001, kMediumPriority = 0x0000, kDatasetFollows = 0x0001;

// PS3.7, 6.3.1: implicit VR little endian.
void append_header(std::string& out, std::uint16_t element, std::size_t size) {
  archive::append_u16(out, 0x0000);
  archive::append_u16(out, element);
  archive::append_u32(out, static_cast<std::uint32_t>(size));
}

void append_number(std::string& out, std::uint16_t element, std::uint16_t value) {
  append_header(out, element, 2);
  archive::append_u16(out, value);
}

void append_uid(std::string& out, std::uint16_t element, const std::string& uid) {
  append_header(out, element, uid.size() + uid.size() % 2);
  out += uid;
  if (uid.size() % 2) out += '\0';
}

// PS3.7, 9.3.1.1
std::string encode(const StoreCommand& command) {
  std::string fields;
  append_uid(fields, 0x0002, command.sop_class);
  append_number(fields, 0x0100, kStoreRequest);
  append_number(fields, 0x0110, command.message);
  append_number(fields, 0x0700, kMediumPriority);
  append_number(fields, 0x0800, kDatasetFollows);
  append_uid(fields, 0x1000, command.instance);
  std::string whole;
  append_header(whole, 0x0000, 4);
  archive::append_u32(whole, static_cast<std::uint32_t>(fields.size()));
  return whole + fields;
}

OFCondition send_pieces(T_ASC_Association* association, T_ASC_PresentationContextID context, DUL_DATAPDV type,
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
    pdv.pdvType = type;
    pdv.lastPDV = dataset.empty();
    pdv.data = const_cast<char*>(piece.data());
    DUL_PDVLIST list{};
    list.count = 1;
    list.pdv = &pdv;
    sent = DUL_WritePDVs(&association->DULassociation, &list);
  }
  return sent;
}

}  // namespace

OFCondition send_store(T_ASC_Association* association, T_ASC_PresentationContextID context,
                       const StoreCommand& command, std::string_view dataset) {
  const OFCondition sent = send_pieces(association, context, DUL_COMMANDPDV, encode(command));
  return sent.good() ? send_pieces(association, context, DUL_DATASETPDV, dataset) : sent;
}

}  // namespace meridian::doors::dimse
