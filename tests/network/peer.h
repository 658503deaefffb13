// A server on the loopback that keeps what it is sent and answers as it is told.
#pragma once
#include <atomic>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace meridian::network {

class Peer {
 public:
  using Request = boost::beast::http::request<boost::beast::http::string_body>;
  // The status of the answer; 0: none is given, the connection stays open until the caller ends it.
  using Answer = std::function<int(const Request&)>;

  explicit Peer(Answer answer = [](const Request&) { return 200; }) : answer_(std::move(answer)) {
    thread_ = std::thread([this] { serve(); });
  }
  ~Peer() {
    boost::asio::io_context context;
    tcp::socket last(context);
    stopped_ = true;
    boost::system::error_code ignored;
    last.connect(acceptor_.local_endpoint(), ignored);  // wakes accept()
    thread_.join();
  }

  std::string address(const std::string& path = "") const {
    return "http://127.0.0.1:" + std::to_string(acceptor_.local_endpoint().port()) + path;
  }
  std::vector<Request> requests() const {
    const std::lock_guard lock(mutex_);
    return requests_;
  }
  void answer(Answer answer) {
    const std::lock_guard lock(mutex_);
    answer_ = std::move(answer);
  }

  // Of each answer; to be set before the first call.
  std::string body = "answer";
  std::size_t missing = 0;  // bytes that it is said to have more
  bool says_length = true;  // else the body ends with the connection

 private:
  using tcp = boost::asio::ip::tcp;

  void serve() {
    for (;;) {
      tcp::socket socket(context_);
      acceptor_.accept(socket);
      if (stopped_) return;
      serve_one(socket);
    }
  }

  void serve_one(tcp::socket& socket) {
    boost::system::error_code error;
    boost::beast::flat_buffer buffer;
    Request request;
    boost::beast::http::read(socket, buffer, request, error);
    if (error) return;
    int status = 0;
    {
      const std::lock_guard lock(mutex_);
      requests_.push_back(request);
      status = answer_(request);
    }
    if (status == 0) {
      char byte;
      socket.read_some(boost::asio::buffer(&byte, 1), error);  // until the caller gives up
      return;
    }
    boost::beast::http::response<boost::beast::http::string_body> response;
    response.result(static_cast<unsigned>(status));
    response.body() = body;
    response.keep_alive(false);
    if (says_length) response.content_length(body.size() + missing);
    boost::beast::http::write(socket, response, error);
  }

  boost::asio::io_context context_;
  tcp::acceptor acceptor_{context_, tcp::endpoint(boost::asio::ip::address_v4::loopback(), 0)};
  mutable std::mutex mutex_;
  Answer answer_;
  std::vector<Request> requests_;
  std::atomic<bool> stopped_{false};
  std::thread thread_;
};

}  // namespace meridian::network
