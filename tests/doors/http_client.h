// A client that sends exactly what it is told to and waits for the answer.
#pragma once
#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "base/json.h"
#include "doors/http/text.h"

namespace meridian {

struct HttpAnswer {
  int status = 0;                              // 0: the connection was closed instead
  std::map<std::string, std::string> headers;  // names in lower case
  std::string body;
  Json json() const { return Json::parse(body); }
  std::string header(const std::string& name) const {
    const auto found = headers.find(name);
    return found == headers.end() ? std::string() : found->second;
  }
};

class HttpClient {
 public:
  explicit HttpClient(int port) : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const timeval patience{120, 0};
    ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    connected_ = ::connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
  }
  ~HttpClient() { ::close(socket_); }
  HttpClient(const HttpClient&) = delete;
  HttpClient& operator=(const HttpClient&) = delete;

  bool connected() const { return connected_; }

  // False when the peer has closed.
  bool send(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
  }

  HttpAnswer answer(bool head_only = false) {
    HttpAnswer answer;
    const std::string head = read_until("\r\n\r\n");
    if (head.empty()) return answer;
    parse_head(head, answer);
    if (head_only || answer.status == 204 || answer.status == 304) return answer;
    if (answer.header("transfer-encoding") == "chunked") {
      read_chunks(answer);
      return answer;
    }
    const std::string length = answer.header("content-length");
    answer.body = length.empty() ? std::string() : read_bytes(std::stoul(length));
    return answer;
  }

  HttpAnswer request(std::string_view method, std::string_view target, std::string_view body = {},
                     const std::string& headers = {}) {
    std::string text =
        std::string(method) + " " + std::string(target) + " HTTP/1.1\r\nHost: test\r\n" + common_ + headers;
    if (!body.empty()) text += "Content-Length: " + std::to_string(body.size()) + "\r\n";
    send(text + "\r\n" + std::string(body));
    return answer(method == "HEAD");
  }

  // Goes with every request().
  void always(const std::string& headers) { common_ = headers; }

  // Up to and with the mark; empty when the connection ends before.
  std::string read_until(std::string_view mark) {
    std::size_t at;
    while ((at = buffer_.find(mark)) == std::string::npos)
      if (!fill()) return {};
    std::string text = buffer_.substr(0, at + mark.size());
    buffer_.erase(0, at + mark.size());
    return text;
  }

  // Waits until the peer closes, and reads what it sends before; false when it does not.
  bool closed() {
    while (fill()) {
    }
    return ended_;
  }

 private:
  bool fill() {
    char bytes[65536];
    const ssize_t got = ::recv(socket_, bytes, sizeof bytes, 0);
    ended_ = got == 0 || (got < 0 && errno == ECONNRESET);
    if (got <= 0) return false;
    buffer_.append(bytes, static_cast<std::size_t>(got));
    return true;
  }

  // status: 0 when the connection ends before the last one.
  void read_chunks(HttpAnswer& answer) {
    for (;;) {
      const std::string line = read_until("\r\n");
      if (line.empty()) {
        answer.status = 0;
        return;
      }
      const std::size_t size = std::stoul(line, nullptr, 16);
      answer.body += read_bytes(size);
      read_until("\r\n");
      if (size == 0) return;
    }
  }

  std::string read_bytes(std::size_t count) {
    while (buffer_.size() < count)
      if (!fill()) break;
    std::string bytes = buffer_.substr(0, count);
    buffer_.erase(0, count);
    return bytes;
  }

  static void parse_head(std::string_view head, HttpAnswer& answer) {
    answer.status = std::atoi(std::string(head.substr(9, 3)).c_str());
    for (std::string_view rest = head.substr(head.find("\r\n") + 2); !rest.starts_with("\r\n");) {
      const auto end = rest.find("\r\n");
      const std::string_view line = rest.substr(0, end);
      const auto colon = line.find(':');
      answer.headers[lower_case(line.substr(0, colon))] = std::string(trimmed(line.substr(colon + 1)));
      rest.remove_prefix(end + 2);
    }
  }

  int socket_;
  bool connected_ = false, ended_ = false;
  std::string buffer_, common_;
};

}  // namespace meridian
