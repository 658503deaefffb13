#include "doors/dimse/echo_user.h"

#include <dcmtk/dcmdata/dcuid.h>
#include <dcmtk/dcmnet/dimse.h>
#include <fmt/format.h>

#include "archive/transfer_syntax.h"
#include "base/error.h"
#include "doors/dimse/user_association.h"

namespace meridian::doors::dimse {
namespace {

constexpr int kAnswer = 30;  // seconds

}  // namespace

void echo(const DimsePeer& peer) {
  const UserAssociation association(peer,
                                    {{.abstract_syntax = UID_VerificationSOPClass,
                                      .transfer_syntaxes = {std::string(archive::kExplicitLittleEndian),
                                                            std::string(archive::kImplicitLittleEndian)}}});
  DIC_US status = 0;
  DcmDataset* detail = nullptr;
  const OFCondition answered = DIMSE_echoUser(association.get(), association.get()->nextMsgID++,
                                              DIMSE_NONBLOCKING, kAnswer, &status, &detail);
  delete detail;
  if (answered.bad())
    throw Error(ErrorCode::unavailable, std::string("The DICOM peer does not answer: ") + answered.text(),
                peer.ae_title);
  if (status)
    throw Error(ErrorCode::unavailable, fmt::format("The DICOM peer refuses (status {:04X})", status),
                peer.ae_title);
}

}  // namespace meridian::doors::dimse
