// A request and its answer, as handlers see them: no sockets, no parser.
#pragma once
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/json.h"
#include "trust/identity.h"

namespace meridian::doors::http {

enum class Method : std::uint8_t { get, head, post, put, patch, remove, options, other };
Method method_of(std::string_view name);
std::string_view method_name(Method method);

// In their order; names compare without regard to case.
class Headers {
 public:
  using Field = std::pair<std::string, std::string>;
  void add(std::string_view name, std::string_view value);
  void set(std::string_view name, std::string_view value);
  // The first of the name, or empty.
  std::string_view get(std::string_view name) const;
  bool contains(std::string_view name) const;
  const std::vector<Field>& fields() const { return fields_; }

 private:
  std::vector<Field> fields_;
};

bool equal_ignoring_case(std::string_view a, std::string_view b);

// A body that has been read: in memory, or spooled to a file when it was large. The file goes with it.
class Body {
 public:
  Body() = default;
  explicit Body(std::string bytes) : bytes_(std::move(bytes)) {}
  // At most limit bytes will come; those over in_memory go to a file in the folder.
  Body(std::uint64_t limit, std::size_t in_memory, std::filesystem::path folder);
  ~Body();
  Body(Body&& other) noexcept;
  Body& operator=(Body&& other) noexcept;

  // False when the limit is passed. Throws storage_full or unavailable.
  bool append(std::string_view bytes);
  std::uint64_t size() const { return size_; }
  bool spooled() const { return !file_.empty(); }
  // Where it is spooled to; empty when it is in memory.
  const std::filesystem::path& file() const { return file_; }
  // The whole of it, moved out.
  std::string take();

 private:
  void spool();
  void discard();

  std::string bytes_;
  std::uint64_t size_ = 0, limit_ = 0;
  std::size_t in_memory_ = 0;
  std::filesystem::path folder_, file_;
  int descriptor_ = -1;
};

using Parameters = std::vector<std::pair<std::string, std::string>>;

struct Route;

struct Request {
  Method method = Method::get;
  std::string target;                 // as it came
  std::vector<std::string> segments;  // of the path, decoded
  Parameters query;                   // decoded, in their order
  Headers headers;
  Body body;
  std::string id;       // of this request, in its answer and in logs
  std::string address;  // of the peer
  bool secure = false;  // came over TLS

  const Route* route = nullptr;
  std::vector<std::string> captured;  // what the route's {…} stand for, in their order
  std::optional<trust::Session> session;

  // Throws unauthenticated when nobody is signed in: for routes that are open to all.
  const trust::Principal& principal() const;
  // The first parameter of the name, or the default.
  std::string parameter(std::string_view name, std::string_view otherwise = {}) const;
  // As a number. Throws invalid_request.
  std::int64_t number(std::string_view name, std::int64_t otherwise, std::int64_t least,
                      std::int64_t most) const;
  // The body as JSON. Throws unsupported_media_type, invalid_syntax, too_large.
  Json json();
};

// What is sent piece by piece, as Server-sent events. Safe from any thread.
class EventStream {
 public:
  virtual ~EventStream() = default;
  // False once the client is gone.
  virtual bool send(std::string_view event, std::string_view data) = 0;
  virtual void close() = 0;
  // Lives until the stream is closed: a subscription.
  virtual void keep(std::shared_ptr<void> what) = 0;
};

class WebSocket;

struct Response {
  int status = 200;
  std::string media_type;  // empty: no body
  std::string body;
  Headers headers;
  // When set, the body goes on with what this gives, until it gives nothing; called on a worker each time.
  // What it throws ends the connection, by which the client sees that the answer is not whole.
  std::function<std::string()> more;
  // When set, the answer is a stream of events; called on a worker once the head is on its way.
  std::function<void(const std::shared_ptr<EventStream>&)> events;
  // When set, the connection becomes a WebSocket; called on a worker once client and node have agreed on it.
  std::function<void(const std::shared_ptr<WebSocket>&)> web_socket;

  static Response json(const Json& value, int status = 200);
  static Response text(std::string text, std::string media_type = "text/plain; charset=utf-8");
  static Response empty(int status = 204);
};

std::string_view reason_phrase(int status);

}  // namespace meridian::doors::http
