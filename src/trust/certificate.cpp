#include "trust/certificate.h"

#include <openssl/ec.h>
#include <openssl/x509v3.h>
#include <unistd.h>

#include "base/encoding.h"
#include "base/file.h"
#include "base/id.h"
#include "trust/openssl.h"

namespace meridian::trust {
namespace {

constexpr unsigned kOwnerOnly = 0600;
constexpr int kDays = 825;  // the longest that current browsers accept of a certificate put into their store
constexpr int kRenewDays = 30;
constexpr std::size_t kLargestFile = 1 << 20;

openssl::Key make_key() {
  openssl::Key key(EVP_EC_gen("P-256"));
  openssl::check(key != nullptr, "make a key");
  return key;
}

std::string host_name() {
  char name[256] = {};
  if (::gethostname(name, sizeof name - 1) != 0) return {};
  const std::string host(name);
  const auto allowed = [](unsigned char c) { return std::isalnum(c) || c == '-' || c == '.'; };
  return std::all_of(host.begin(), host.end(), allowed) ? host : std::string();
}

std::string alternative_names() {
  std::string names = "DNS:localhost,IP:127.0.0.1,IP:::1";
  const std::string host = host_name();
  if (!host.empty() && host != "localhost") names += ",DNS:" + host;
  return names;
}

void add_extension(X509* certificate, int kind, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, certificate, certificate, nullptr, nullptr, 0);
  X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, kind, value.c_str());
  openssl::check(extension && X509_add_ext(certificate, extension, -1) == 1,
                 "add an extension to the certificate");
  X509_EXTENSION_free(extension);
}

void set_serial(X509* certificate) {
  std::string serial = random_bytes(16);
  serial[0] &= 0x7F;  // positive
  BIGNUM* number = BN_bin2bn(reinterpret_cast<const unsigned char*>(serial.data()),
                             static_cast<int>(serial.size()), nullptr);
  openssl::check(number && BN_to_ASN1_INTEGER(number, X509_get_serialNumber(certificate)),
                 "set the serial number");
  BN_free(number);
}

openssl::Certificate make_certificate(const openssl::Key& key) {
  openssl::Certificate certificate(X509_new());
  X509* const x509 = certificate.get();
  openssl::check(x509 != nullptr, "make a certificate");
  X509_set_version(x509, X509_VERSION_3);
  set_serial(x509);
  X509_gmtime_adj(X509_getm_notBefore(x509), -300);  // clocks of clients are not exact
  X509_time_adj_ex(X509_getm_notAfter(x509), kDays, 0, nullptr);
  X509_NAME* const name = X509_get_subject_name(x509);
  const auto* common_name = reinterpret_cast<const unsigned char*>("Meridian node");
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, common_name, -1, -1, 0);
  X509_set_issuer_name(x509, name);
  X509_set_pubkey(x509, key.get());
  add_extension(x509, NID_subject_alt_name, alternative_names());
  add_extension(x509, NID_basic_constraints, "critical,CA:TRUE");
  add_extension(x509, NID_key_usage, "critical,digitalSignature,keyCertSign");
  add_extension(x509, NID_ext_key_usage, "serverAuth");
  openssl::check(X509_sign(x509, key.get(), EVP_sha256()) > 0, "sign the certificate");
  return certificate;
}

std::string to_pem(const openssl::Certificate& certificate) {
  const openssl::Memory out(BIO_new(BIO_s_mem()));
  openssl::check(out && PEM_write_bio_X509(out.get(), certificate.get()) == 1, "write the certificate");
  return openssl::bytes_of(out);
}

openssl::Certificate read_certificate(const std::filesystem::path& file) {
  const std::string pem = read_file(file, kLargestFile);
  openssl::Certificate certificate(
      PEM_read_bio_X509(openssl::memory_of(pem).get(), nullptr, nullptr, nullptr));
  if (!certificate)
    throw Error(ErrorCode::corrupted, "The file holds no certificate", file.string(),
                "Remove it to have a new one made, or restore it from a backup");
  return certificate;
}

bool lasts(const std::filesystem::path& file) {
  int days = 0, seconds = 0;
  const openssl::Certificate certificate = read_certificate(file);
  return ASN1_TIME_diff(&days, &seconds, nullptr, X509_get0_notAfter(certificate.get())) == 1 &&
         days >= kRenewDays;
}

}  // namespace

std::string certificate_fingerprint(const std::filesystem::path& file) {
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned size = 0;
  openssl::check(X509_digest(read_certificate(file).get(), EVP_sha256(), digest, &size) == 1,
                 "digest the certificate");
  const std::string hex = to_hex({reinterpret_cast<const char*>(digest), size});
  std::string text;
  for (std::size_t i = 0; i < hex.size(); ++i) {
    if (i && i % 2 == 0) text += ':';
    text += static_cast<char>(std::toupper(static_cast<unsigned char>(hex[i])));
  }
  return text;
}

CertificateFiles ensure_certificate(const std::filesystem::path& folder) {
  CertificateFiles files{folder / "server.crt", folder / "server.key", {}};
  std::filesystem::create_directories(folder);
  const bool present = std::filesystem::exists(files.certificate) && std::filesystem::exists(files.key);
  if (!present || !lasts(files.certificate)) {
    const openssl::Key key = make_key();
    write_file(files.key, openssl::to_pem(key), kOwnerOnly);
    write_file(files.certificate, to_pem(make_certificate(key)));
  }
  files.fingerprint = certificate_fingerprint(files.certificate);
  return files;
}

}  // namespace meridian::trust
