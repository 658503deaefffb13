#include "doors/http/websocket.h"

#include <openssl/sha.h>

#include "base/encoding.h"
#include "base/error.h"
#include "doors/http/text.h"

namespace meridian::doors::http {
namespace {

constexpr std::string_view kGuid = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";  // RFC 6455, 1.3
constexpr std::size_t kLargestFrame = 64 * 1024;

std::string accept_of(const std::string& key) {
  const std::string text = key + std::string(kGuid);
  std::string digest(SHA_DIGEST_LENGTH, '\0');
  SHA1(reinterpret_cast<const unsigned char*>(text.data()), text.size(),
       reinterpret_cast<unsigned char*>(digest.data()));
  return to_base64(digest);
}

bool has_token(std::string_view list, std::string_view token) {
  for (const std::string_view one : split_unquoted(list, ','))
    if (equal_ignoring_case(trimmed(one), token)) return true;
  return false;
}

void require_same_site(const Request& request) {
  const std::string_view origin = request.headers.get("Origin");
  const auto host = origin.find("://");
  if (origin.empty() ||
      (host != std::string_view::npos && origin.substr(host + 3) == request.headers.get("Host")))
    return;
  throw Error(ErrorCode::forbidden, "A page of another site may not listen here", "Origin");
}

}  // namespace

Response websocket_response(const Request& request) {
  const std::string key(request.headers.get("Sec-WebSocket-Key"));
  if (!has_token(request.headers.get("Upgrade"), "websocket") ||
      request.headers.get("Sec-WebSocket-Version") != "13" || key.empty())
    throw Error(ErrorCode::invalid_request, "This address is listened to over a WebSocket", "Upgrade",
                "Open it with ws: or wss:");
  require_same_site(request);
  Response response = Response::empty(101);
  response.headers.add("Upgrade", "websocket");
  response.headers.add("Sec-WebSocket-Accept", accept_of(key));
  return response;
}

std::string websocket_frame(WebsocketOpcode opcode, std::string_view payload) {
  std::string frame(1, static_cast<char>(0x80 | static_cast<unsigned char>(opcode)));
  const auto append = [&](std::uint64_t number, int bytes) {
    for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8)
      frame += static_cast<char>(number >> shift & 0xFF);
  };
  if (payload.size() < 126) {
    append(payload.size(), 1);
  } else if (payload.size() <= 0xFFFF) {
    append(126, 1);
    append(payload.size(), 2);
  } else {
    append(127, 1);
    append(payload.size(), 8);
  }
  return frame.append(payload);
}

std::string WebsocketInput::take(std::string_view bytes) {
  unread_.append(bytes);
  std::string answer;
  while (!ended_) {
    const std::size_t taken = take_frame(answer);
    if (taken == 0) break;
    unread_.erase(0, taken);
  }
  ended_ = ended_ || unread_.size() > kLargestFrame;
  return answer;
}

std::size_t WebsocketInput::take_frame(std::string& answer) {
  if (unread_.size() < 2) return 0;
  const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(unread_[at]); };
  std::size_t size = byte(1) & 0x7F, head = 2;
  if ((byte(1) & 0x80) == 0 || size == 127) return ended_ = true, 0;  // unmasked, or far too large
  if (size == 126) {
    if (unread_.size() < 4) return 0;
    size = static_cast<std::size_t>(byte(2)) << 8 | byte(3);
    head = 4;
  }
  if (unread_.size() < head + 4 + size) return 0;
  std::string payload = unread_.substr(head + 4, size);
  for (std::size_t i = 0; i < size; ++i) payload[i] = static_cast<char>(payload[i] ^ unread_[head + i % 4]);
  const int opcode = byte(0) & 0x0F;
  if (opcode == static_cast<int>(WebsocketOpcode::ping))
    answer += websocket_frame(WebsocketOpcode::pong, payload);
  if (opcode == static_cast<int>(WebsocketOpcode::close)) {
    answer += websocket_frame(WebsocketOpcode::close, payload.substr(0, 2));
    ended_ = true;
  }
  return head + 4 + size;
}

}  // namespace meridian::doors::http
