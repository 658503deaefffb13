#include "trust/certificate.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <fstream>

#include "base/error_of.h"
#include "base/file.h"
#include "base/temporary_folder.h"

namespace meridian::trust {
namespace {

struct CertificateTest : ::testing::Test {
  TemporaryFolder folder;
};

TEST_F(CertificateTest, IsMadeOnceForThisMachine) {
  const CertificateFiles files = ensure_certificate(folder / "tls");
  EXPECT_EQ(files.fingerprint.size(), 95u);
  EXPECT_EQ(ensure_certificate(folder / "tls").fingerprint, files.fingerprint);
  EXPECT_EQ(std::filesystem::status(files.key).permissions(),
            std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
}

TEST_F(CertificateTest, NamesTheLoopbackAndFitsItsKey) {
  const CertificateFiles files = ensure_certificate(folder.path());
  FILE* const certificate_file = std::fopen(files.certificate.c_str(), "r");
  FILE* const key_file = std::fopen(files.key.c_str(), "r");
  X509* const certificate = PEM_read_X509(certificate_file, nullptr, nullptr, nullptr);
  EVP_PKEY* const key = PEM_read_PrivateKey(key_file, nullptr, nullptr, nullptr);
  ASSERT_TRUE(certificate && key);
  EXPECT_EQ(X509_check_host(certificate, "localhost", 0, 0, nullptr), 1);
  EXPECT_EQ(X509_check_ip_asc(certificate, "127.0.0.1", 0), 1);
  EXPECT_EQ(X509_check_ip_asc(certificate, "::1", 0), 1);
  EXPECT_EQ(X509_check_host(certificate, "example.org", 0, 0, nullptr), 0);
  EXPECT_EQ(X509_check_private_key(certificate, key), 1);
  EXPECT_EQ(X509_verify(certificate, key), 1);
  X509_free(certificate);
  EVP_PKEY_free(key);
  std::fclose(certificate_file);
  std::fclose(key_file);
}

TEST_F(CertificateTest, ABrokenOneIsReportedNotReplaced) {
  const CertificateFiles files = ensure_certificate(folder.path());
  std::ofstream(files.certificate) << "rubbish";
  EXPECT_EQ(code_of([&] { ensure_certificate(folder.path()); }), ErrorCode::corrupted);
}

}  // namespace
}  // namespace meridian::trust
