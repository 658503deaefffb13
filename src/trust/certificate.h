// The TLS certificate that a node makes for itself when it is given none.
#pragma once
#include <filesystem>
#include <string>

namespace meridian::trust {

struct CertificateFiles {
  std::filesystem::path certificate;  // PEM
  std::filesystem::path key;          // PEM, readable by the owner only
  std::string fingerprint;            // SHA-256 of the certificate, "AB:CD:…", for people to compare
};

// The folder's certificate (server.crt, server.key): ECDSA on P-256, self-signed, for localhost, 127.0.0.1,
// ::1 and this machine's name. Made when missing, and anew when less than 30 days of its 825 are left.
CertificateFiles ensure_certificate(const std::filesystem::path& folder);

// Of the first certificate in a PEM file. Throws corrupted when there is none.
std::string certificate_fingerprint(const std::filesystem::path& certificate);

}  // namespace meridian::trust
