#include "network/tls_context.h"

#include "base/error.h"

namespace meridian::network {

namespace asio = boost::asio;

asio::ssl::context tls_context(const std::filesystem::path& authorities) {
  asio::ssl::context context(asio::ssl::context::tls_client);
  context.set_options(asio::ssl::context::default_workarounds | asio::ssl::context::no_tlsv1 |
                      asio::ssl::context::no_tlsv1_1);
  context.set_verify_mode(asio::ssl::verify_peer);
  boost::system::error_code error;
  context.set_default_verify_paths(error);
  if (!authorities.empty()) context.load_verify_file(authorities.string(), error);
  if (error)
    throw Error(ErrorCode::invalid_configuration,
                "The certificates of authorities cannot be read: " + error.message(), authorities.string());
  return context;
}

}  // namespace meridian::network
