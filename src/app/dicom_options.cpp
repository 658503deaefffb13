#include "app/dicom_options.h"

#include <algorithm>

#include "app/dicom_callers.h"
#include "base/error.h"
#include "base/log.h"
#include "doors/dimse/tls.h"

namespace meridian::app {
namespace {

doors::dimse::TlsFiles dicom_tls_files(const Configuration& configuration, const NodeFolder& folder) {
  if (!configuration.dicom_certificate.empty())
    return {configuration.dicom_certificate, configuration.dicom_key, configuration.dicom_authorities};
  if (!configuration.http_certificate.empty())
    return {configuration.http_certificate, configuration.http_key, configuration.dicom_authorities};
  const trust::CertificateFiles made = own_certificate(folder);
  return {made.certificate, made.key, configuration.dicom_authorities};
}

}  // namespace

trust::CertificateFiles own_certificate(const NodeFolder& folder) {
  trust::CertificateFiles made = trust::ensure_certificate(folder.keys());
  log_info("certificate", {{"fingerprint", made.fingerprint}, {"file", made.certificate.string()}});
  return made;
}

doors::dimse::DimseOptions dimse_options(const Configuration& configuration, const NodeFolder& folder) {
  doors::dimse::DimseOptions options;
  const auto callers = dicom_callers_of(configuration.dicom_callers);
  const bool calls_under_tls =
      std::ranges::any_of(callers, [](const auto& caller) { return caller.second.tls; });
  std::shared_ptr<const doors::dimse::TlsContext> tls;
  if (configuration.dicom_tls || calls_under_tls)
    tls = std::make_shared<doors::dimse::TlsContext>(dicom_tls_files(configuration, folder));
  if (configuration.dicom_tls) options.tls = tls;
  options.address = configuration.dicom_address;
  options.port = static_cast<std::uint16_t>(configuration.dicom_port);
  options.ae_title = configuration.dicom_title;
  options.largest_number_of_associations = configuration.dicom_associations;
  for (const auto& [title, caller] : callers) {
    options.calling_ae_titles.push_back(title);
    if (!caller.host.empty())
      options.destinations.push_back({.host = caller.host,
                                      .port = caller.port,
                                      .ae_title = title,
                                      .our_ae_title = configuration.dicom_title,
                                      .tls = caller.tls ? tls : nullptr});
  }
  options.idle = std::chrono::seconds(configuration.dicom_idle_seconds);
  options.largest_instance = std::uint64_t(configuration.dicom_largest_instance_megabytes) << 20;
  return options;
}

doors::dimse::DimsePeer peer_of(const doors::dimse::DimseOptions& options, const std::string& title) {
  const auto found = std::ranges::find(options.destinations, title, &doors::dimse::DimsePeer::ae_title);
  if (found == options.destinations.end())
    throw Error(ErrorCode::invalid_configuration, "The configuration does not say where this peer is", title,
                "Add TITLE=Organization/ID@HOST:PORT to dicom.callers");
  return *found;
}

}  // namespace meridian::app
