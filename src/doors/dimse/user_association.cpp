#include "doors/dimse/user_association.h"

#include <dcmtk/oflog/oflog.h>
#include <fmt/format.h>

#include "base/error.h"

namespace meridian::doors::dimse {
namespace {

constexpr int kSeconds = 30;  // for the association
constexpr std::size_t kMostContexts = 128;

void check(const OFCondition& condition, const DimsePeer& peer) {
  if (condition.bad())
    throw Error(ErrorCode::unavailable, std::string("The DICOM peer cannot be used: ") + condition.text(),
                fmt::format("{} at {}:{}", peer.ae_title, peer.host, peer.port),
                "Check its address, port and AE titles");
}

}  // namespace

UserAssociation::UserAssociation(const DimsePeer& peer, const std::vector<ProposedContext>& contexts)
    : transport_(peer.tls) {
  if (contexts.empty() || contexts.size() > kMostContexts)
    throw Error(ErrorCode::invalid_value,
                fmt::format("An association has 1 to {} presentation contexts", kMostContexts));
  OFLog::configure(OFLogger::OFF_LOG_LEVEL);
  try {
    open(peer, contexts);
  } catch (const Error&) {
    close();
    throw;
  }
}

UserAssociation::~UserAssociation() {
  close();
}

void UserAssociation::open(const DimsePeer& peer, const std::vector<ProposedContext>& contexts) {
  check(ASC_initializeNetwork(NET_REQUESTOR, 0, kSeconds, &network_), peer);
  check(ASC_setTransportLayer(network_, &transport_, 0), peer);
  T_ASC_Parameters* parameters = nullptr;
  check(ASC_createAssociationParameters(&parameters, ASC_DEFAULTMAXPDU), peer);
  check(ASC_setTransportLayerType(parameters, bool(peer.tls)), peer);
  ASC_setAPTitles(parameters, peer.our_ae_title.c_str(), peer.ae_title.c_str(), nullptr);
  const std::string address = fmt::format("{}:{}", peer.host, peer.port);
  ASC_setPresentationAddresses(parameters, "localhost", address.c_str());
  T_ASC_PresentationContextID id = 1;
  for (const ProposedContext& context : contexts) {
    std::vector<const char*> syntaxes;
    for (const std::string& syntax : context.transfer_syntaxes) syntaxes.push_back(syntax.c_str());
    check(ASC_addPresentationContext(parameters, id, context.abstract_syntax.c_str(), syntaxes.data(),
                                     static_cast<int>(syntaxes.size()), context.role),
          peer);
    id = static_cast<T_ASC_PresentationContextID>(id + 2);
  }
  check(ASC_requestAssociation(network_, parameters, &association_), peer);
}

void UserAssociation::close() {
  if (association_ && ASC_releaseAssociation(association_).bad()) ASC_abortAssociation(association_);
  if (association_) ASC_destroyAssociation(&association_);
  if (network_) ASC_dropNetwork(&network_);
}

}  // namespace meridian::doors::dimse
