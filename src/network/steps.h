// Asynchronous steps one after another, as calls that end at a deadline.
#pragma once
#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/http/error.hpp>
#include <chrono>
#include <optional>
#include <string>

#include "base/error.h"
#include "network/url.h"

namespace meridian::network {

class Steps {
 public:
  Steps(Url url, std::chrono::milliseconds at_most)
      : url_(std::move(url)), deadline_(Clock::now() + at_most) {}

  boost::asio::io_context& context() { return context_; }
  const Url& url() const { return url_; }
  // The next steps end so long from now.
  void allow(std::chrono::milliseconds at_most) { deadline_ = Clock::now() + at_most; }

  // start(handler) begins a step whose handler takes an error_code first. give_up ends the step's waiting.
  // Gives the step's error. Throws timed_out.
  template <class Start, class GiveUp>
  boost::system::error_code attempt(const char* what, Start&& start, GiveUp&& give_up) {
    std::optional<boost::system::error_code> result;
    start([&result](boost::system::error_code error, auto&&...) { result = error; });
    if (wait([&result] { return result.has_value(); })) return *result;
    give_up();
    context_.restart();
    while (!result && context_.run_one() > 0) {
    }
    throw Error(ErrorCode::timed_out, url_.authority() + " did not answer in time (" + what + ")");
  }

  // What was begun goes on until done() is true; false at the deadline. What is ready is done in any case.
  template <class Done>
  bool wait(Done&& done) {
    context_.restart();
    context_.poll();
    while (!done() && context_.run_one_until(deadline_) > 0) {
    }
    return done();
  }

  // As attempt(), and throws what the error is, too.
  template <class Start, class GiveUp>
  void run(const char* what, Start&& start, GiveUp&& give_up) {
    const boost::system::error_code error = attempt(what, start, give_up);
    if (error == boost::beast::http::error::body_limit || error == boost::beast::http::error::header_limit)
      throw Error(ErrorCode::too_large, url_.authority() + " answers more than is read");
    if (error) throw Error(ErrorCode::unavailable, url_.authority() + ": " + what + ": " + error.message());
  }

 private:
  using Clock = std::chrono::steady_clock;
  const Url url_;
  Clock::time_point deadline_;
  boost::asio::io_context context_{1};
};

// The addresses of the URL's host. Throws unavailable and timed_out.
boost::asio::ip::tcp::resolver::results_type resolve(Steps& steps);
void connect(Steps& steps, boost::asio::ip::tcp::socket& socket,
             const boost::asio::ip::tcp::endpoint& endpoint);
// What waits for the socket ends.
void give_up(boost::asio::ip::tcp::socket& socket);

}  // namespace meridian::network
