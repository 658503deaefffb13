// OpenSSL's objects, owned; only for the source files of this room.
#pragma once
#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <memory>
#include <string>

#include "base/error.h"
#include "base/freed.h"

namespace meridian::trust::openssl {

using Key = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY_free>>;
using KeyContext = std::unique_ptr<EVP_PKEY_CTX, Freed<EVP_PKEY_CTX_free>>;
using DigestContext = std::unique_ptr<EVP_MD_CTX, Freed<EVP_MD_CTX_free>>;
using Certificate = std::unique_ptr<X509, Freed<X509_free>>;
using Memory = std::unique_ptr<BIO, Freed<BIO_free_all>>;

inline void check(bool fine, const char* what) {
  if (!fine) throw Error(ErrorCode::internal, std::string("OpenSSL could not ") + what);
}

inline Memory memory_of(std::string_view bytes) {
  return Memory(BIO_new_mem_buf(bytes.data(), static_cast<int>(bytes.size())));
}

inline std::string bytes_of(const Memory& memory) {
  char* bytes = nullptr;
  const long size = BIO_get_mem_data(memory.get(), &bytes);
  return {bytes, static_cast<std::size_t>(size)};
}

inline std::string to_pem(const Key& key) {
  const Memory out(BIO_new(BIO_s_mem()));
  check(out && PEM_write_bio_PrivateKey(out.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr) == 1,
        "write the key");
  return bytes_of(out);
}

}  // namespace meridian::trust::openssl
