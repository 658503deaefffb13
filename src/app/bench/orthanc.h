// Debian's Orthanc beside the node, as the archive that others use: started on the loopback, ended with this.
#pragma once
#include <sys/types.h>

#include <cstdint>
#include <filesystem>

#include "doors/dimse/store_user.h"

namespace meridian::app {

class Orthanc {
 public:
  static bool is_installed();
  // Whether Debian's orthanc-dicomweb is there, with which it answers DICOMweb below /dicom-web.
  static bool has_dicomweb();
  // Starts with an empty storage in the folder and waits until it answers. synchronous: its setting
  // SyncStorageArea, by which it syncs each file that it stores.
  // Throws unavailable when it does not come up.
  Orthanc(const std::filesystem::path& folder, bool synchronous);
  ~Orthanc();
  Orthanc(const Orthanc&) = delete;
  Orthanc& operator=(const Orthanc&) = delete;

  const doors::dimse::DimsePeer& peer() const { return peer_; }
  int http_port() const { return http_port_; }

 private:
  pid_t process_ = -1;
  doors::dimse::DimsePeer peer_;
  std::uint16_t http_port_ = 0;
};

}  // namespace meridian::app
