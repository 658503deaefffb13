#include "trust/signing_key.h"

#include "base/file.h"
#include "trust/openssl.h"

namespace meridian::trust {
namespace {

constexpr unsigned kOwnerOnly = 0600;
constexpr std::size_t kSignatureBytes = 64, kPublicKeyBytes = 32, kLargestFile = 16 * 1024;

const unsigned char* unsigned_bytes(std::string_view bytes) {
  return reinterpret_cast<const unsigned char*>(bytes.data());
}
unsigned char* unsigned_bytes(std::string& bytes) {
  return reinterpret_cast<unsigned char*>(bytes.data());
}

openssl::Key make_key() {
  const openssl::KeyContext context(EVP_PKEY_CTX_new_id(EVP_PKEY_ED25519, nullptr));
  EVP_PKEY* key = nullptr;
  openssl::check(
      context && EVP_PKEY_keygen_init(context.get()) == 1 && EVP_PKEY_keygen(context.get(), &key) == 1,
      "make a signing key");
  return openssl::Key(key);
}

openssl::Key read_key(const std::filesystem::path& file) {
  const std::string pem = read_file(file, kLargestFile);
  openssl::Key key(PEM_read_bio_PrivateKey(openssl::memory_of(pem).get(), nullptr, nullptr, nullptr));
  if (!key || EVP_PKEY_get_id(key.get()) != EVP_PKEY_ED25519)
    throw Error(ErrorCode::corrupted, "The file holds no Ed25519 key", file.string(),
                "Restore it from a backup");
  return key;
}

}  // namespace

struct SigningKey::State {
  openssl::Key key;
};

SigningKey SigningKey::open_or_make(const std::filesystem::path& file) {
  if (std::filesystem::exists(file)) return SigningKey(std::make_shared<State>(State{read_key(file)}));
  openssl::Key key = make_key();
  write_file(file, openssl::to_pem(key), kOwnerOnly);
  return SigningKey(std::make_shared<State>(State{std::move(key)}));
}

std::string SigningKey::sign(std::string_view message) const {
  const openssl::DigestContext context(EVP_MD_CTX_new());
  std::string signature(kSignatureBytes, '\0');
  std::size_t size = signature.size();
  openssl::check(context &&
                     EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, state_->key.get()) == 1 &&
                     EVP_DigestSign(context.get(), unsigned_bytes(signature), &size, unsigned_bytes(message),
                                    message.size()) == 1,
                 "sign");
  return signature;
}

bool SigningKey::verifies(std::string_view message, std::string_view signature) const {
  const openssl::DigestContext context(EVP_MD_CTX_new());
  return context && EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, state_->key.get()) == 1 &&
         EVP_DigestVerify(context.get(), unsigned_bytes(signature), signature.size(), unsigned_bytes(message),
                          message.size()) == 1;
}

std::string SigningKey::public_key() const {
  std::string key(kPublicKeyBytes, '\0');
  std::size_t size = key.size();
  openssl::check(EVP_PKEY_get_raw_public_key(state_->key.get(), unsigned_bytes(key), &size) == 1,
                 "give the public key");
  return key;
}

}  // namespace meridian::trust
