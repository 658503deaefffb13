// How a node's DICOM door is opened, and where its peers are.
#pragma once
#include "app/configuration.h"
#include "app/node_folder.h"
#include "doors/dimse/dimse_server.h"
#include "trust/certificate.h"

namespace meridian::app {

// As the configuration says; its destinations are the callers with an address. Makes the node's own
// certificate where TLS needs one and none is named. Throws invalid_configuration.
doors::dimse::DimseOptions dimse_options(const Configuration& configuration, const NodeFolder& folder);

// The destination of this AE title. Throws invalid_configuration when there is none.
doors::dimse::DimsePeer peer_of(const doors::dimse::DimseOptions& options, const std::string& title);

// The certificate that the node makes for itself when it is given none.
trust::CertificateFiles own_certificate(const NodeFolder& folder);

}  // namespace meridian::app
