#include "network/steps.h"

namespace meridian::network {

using boost::asio::ip::tcp;
using boost::system::error_code;

tcp::resolver::results_type resolve(Steps& steps) {
  tcp::resolver resolver(steps.context());
  tcp::resolver::results_type found;
  steps.run(
      "looking up its address",
      [&](auto handler) {
        resolver.async_resolve(
            steps.url().host, steps.url().port,
            [&found, handler](error_code error, tcp::resolver::results_type results) mutable {
              found = std::move(results);
              handler(error);
            });
      },
      [&] { resolver.cancel(); });
  return found;
}

void connect(Steps& steps, tcp::socket& socket, const tcp::endpoint& endpoint) {
  steps.run(
      "connecting", [&](auto handler) { socket.async_connect(endpoint, handler); }, [&] { give_up(socket); });
}

void give_up(tcp::socket& socket) {
  error_code ignored;
  socket.close(ignored);
}

}  // namespace meridian::network
