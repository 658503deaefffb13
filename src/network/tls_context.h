// How those whom a node calls prove who they are.
#pragma once
#include <boost/asio/ssl/context.hpp>
#include <filesystem>

namespace meridian::network {

// TLS 1.2 or later, with certificates that an authority of the system, or of the PEM file, vouches for.
// Throws invalid_configuration when the file cannot be read; empty: there is none.
boost::asio::ssl::context tls_context(const std::filesystem::path& authorities);

}  // namespace meridian::network
