#include "network/web_socket_client.h"

#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include "base/error.h"
#include "base/error_of.h"

namespace meridian::network {
namespace {

using boost::asio::ip::tcp;

// Takes connections (its system does) and never says a word.
class Mute {
 public:
  Url url() const {
    return parse_url("http://127.0.0.1:" + std::to_string(acceptor_.local_endpoint().port()) + "/socket");
  }

 private:
  boost::asio::io_context context_;
  tcp::acceptor acceptor_{context_, {boost::asio::ip::address_v4::loopback(), 0}};
};

TEST(WebSocketClient, DoesNotWaitForEverForAnAnswer) {
  const Mute mute;
  EXPECT_EQ(code_of([&] { WebSocketClient(mute.url(), {}, {}, std::chrono::milliseconds(20)); }),
            ErrorCode::timed_out);
}

TEST(WebSocketClient, SaysThatNobodyIsThere) {
  const Url gone = Mute().url();
  EXPECT_EQ(code_of([&] { WebSocketClient(gone, {}, {}); }), ErrorCode::unavailable);
}

}  // namespace
}  // namespace meridian::network
