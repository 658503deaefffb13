// Calls to others over HTTP, each on a connection of its own, within one deadline from the first look-up to
// the last byte. Certificates are verified; redirections are not followed; only hosts of the list and
// addresses that the policy allows are called, and those that were looked at are those that are called.
#pragma once
#include <chrono>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "network/address_policy.h"
#include "network/host_list.h"
#include "network/url.h"

namespace meridian::network {

struct HttpClientOptions {
  HostList hosts;  // that are called at all
  AddressPolicy policy;
  bool plain = false;                     // whether http:// is called at all
  std::filesystem::path authorities;      // PEM, beside those of the system; empty: none
  std::size_t largest_answer = 1u << 20;  // bytes
};

struct HttpCall {
  std::string method = "POST";
  Url url;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string media_type;  // of the body; empty: there is none
  std::string body;
  std::chrono::milliseconds deadline = std::chrono::seconds(10);
};

struct HttpReply {
  int status = 0;
  std::string body;
  // False when the body ended early, came too slowly or is larger than is read: then it is empty here.
  bool complete = true;
};

class HttpClient {
 public:
  // Throws invalid_configuration when the authorities cannot be read.
  explicit HttpClient(const HttpClientOptions& options);
  ~HttpClient();

  // Throws forbidden for a host or address that may not be called, unavailable when nobody answers or the
  // certificate is not right, timed_out, too_large for the head of the answer.
  HttpReply call(const HttpCall& call) const;
  // That the address may be called: throws forbidden, and unavailable when the host's name is not known.
  void check(const Url& url, std::chrono::milliseconds deadline) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace meridian::network
