#include "doors/http/connection.h"

#include <fmt/format.h>

#include <boost/asio/bind_executor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <deque>
#include <optional>

#include "base/encoding.h"
#include "base/error.h"
#include "base/id.h"
#include "base/log.h"
#include "doors/http/content_coding.h"
#include "doors/http/outcome.h"
#include "doors/http/response_head.h"
#include "doors/http/web_socket_connection.h"

namespace meridian::doors::http {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
using boost::system::error_code;
using tcp = asio::ip::tcp;
using TlsStream = asio::ssl::stream<tcp::socket>;

// What is packed is read in small pieces: each may be a thousand times as much when it is unpacked.
constexpr std::size_t kReadSize = 4 * 1024, kLargeReadSize = 256 * 1024;
constexpr std::size_t kLargestIdleBuffer = 64 * 1024;
constexpr std::uint64_t kLeastBytesPerSecond = 16 * 1024;
constexpr std::string_view kLineEnd = "\r\n";
constexpr auto kHeartbeat = std::chrono::seconds(15);
constexpr auto kLongestStream =
    std::chrono::minutes(10);                  // then the client asks again, and is signed in still or not
constexpr std::size_t kMostUnsent = 1u << 20;  // bytes of events for a client that does not read
constexpr auto kLinger = std::chrono::seconds(2);

// A Beast body that goes into ours, unpacked.
struct SpooledBody {
  using value_type = Body;
  class reader {
   public:
    template <bool is_request, class Fields>
    reader(beast::http::header<is_request, Fields>& head, Body& body)
        : body_(body), coding_([&head] { return head[beast::http::field::content_encoding]; }) {}
    void init(const boost::optional<std::uint64_t>&, error_code& error) { error = {}; }
    template <class Buffers>
    std::size_t put(const Buffers& buffers, error_code& error) {
      std::size_t taken = 0;
      error = {};
      for (auto at = asio::buffer_sequence_begin(buffers); at != asio::buffer_sequence_end(buffers); ++at) {
        const asio::const_buffer buffer = *at;
        if (!add({static_cast<const char*>(buffer.data()), buffer.size()})) {
          error = beast::http::error::body_limit;
          return taken;
        }
        taken += buffer.size();
      }
      return taken;
    }
    void finish(error_code& error) {
      if (inflater_) inflater_->finish();
      error = {};
    }

   private:
    bool add(std::string_view bytes) {
      if (!std::exchange(begun_, true))
        if (const auto coding = coding_(); is_gzip({coding.data(), coding.size()})) inflater_.emplace();
      return inflater_ ? inflater_->add(bytes, body_) : body_.append(bytes);
    }

    Body& body_;
    std::function<beast::string_view()> coding_;  // the head is not read when this is made
    std::optional<Inflater> inflater_;
    bool begun_ = false;
  };
};

using Parser = beast::http::parser<true, SpooledBody, std::allocator<char>>;

// Unique in the node's logs: a random beginning for the process, then a count.
std::string next_request_id() {
  static const std::string process = to_hex(random_bytes(4));
  static std::atomic<std::uint64_t> count{0};
  return process + "-" + std::to_string(++count);
}

std::uint64_t seconds_for(std::uint64_t bytes) {
  return bytes / kLeastBytesPerSecond;
}

template <class Stream>
class StreamConnection final : public Connection,
                               public std::enable_shared_from_this<StreamConnection<Stream>> {
 public:
  template <class... Arguments>
  StreamConnection(Loop& loop, const Surroundings& surroundings, tcp::socket socket, Arguments&... arguments)
      : loop_(loop), surroundings_(surroundings), stream_(std::move(socket), arguments...) {
    error_code ignored;
    const tcp::endpoint peer = stream_.lowest_layer().remote_endpoint(ignored);
    address_ = peer.address().to_string(ignored);
    stream_.lowest_layer().set_option(tcp::no_delay(true), ignored);
    enter(Phase::idle, surroundings_.options.idle_timeout);  // check() may come before start()
  }
  ~StreamConnection() override { loop_.remove(this); }

  void start() override {
    if constexpr (std::is_same_v<Stream, TlsStream>) {
      enter(Phase::handshake, surroundings_.options.header_timeout);
      stream_.async_handshake(asio::ssl::stream_base::server, [self = self()](error_code error) {
        if (error || self->phase_ == Phase::closed) return self->close();
        self->next_request();
      });
    } else {
      next_request();
    }
  }

  void check(Clock::time_point now) override {
    if (phase_ == Phase::streaming) return check_stream(now);
    if (phase_ == Phase::web_socket) return check_web_socket(now);
    if (now < deadline_) return;
    if (phase_ == Phase::header || phase_ == Phase::body) return refuse(408, "The request came too slowly");
    if (phase_ != Phase::running) close();
  }

  void finish() override {
    last_ = true;
    if (phase_ == Phase::idle || phase_ == Phase::handshake || phase_ == Phase::header ||
        phase_ == Phase::streaming || phase_ == Phase::web_socket || phase_ == Phase::lingering)
      close();
  }

  void abort() override { close(); }

 private:
  enum class Phase {
    handshake,
    idle,
    header,
    body,
    running,
    writing,
    streaming,
    web_socket,
    lingering,
    closed
  };
  class Events;

  std::shared_ptr<StreamConnection> self() { return this->shared_from_this(); }

  void enter(Phase phase, std::chrono::milliseconds at_most) {
    phase_ = phase;
    deadline_ = Clock::now() + at_most;
  }

  // ---- reading ----

  void next_request() {
    if (last_) return close();
    if (buffer_.size() == 0 && buffer_.capacity() > kLargestIdleBuffer) buffer_.shrink_to_fit();
    parser_.emplace();
    parser_->header_limit(static_cast<std::uint32_t>(surroundings_.options.largest_header));
    parser_->body_limit(
        std::numeric_limits<std::uint64_t>::max());  // the route's limit holds, in the body itself
    enter(Phase::idle, surroundings_.options.idle_timeout);
    if (buffer_.size() > 0)
      parse_head();
    else
      read();
  }

  void read() {
    const bool large = phase_ == Phase::body && !is_gzip(request_->headers.get("Content-Encoding"));
    const std::size_t size = large ? kLargeReadSize : kReadSize;
    reading_ = true;
    stream_.async_read_some(buffer_.prepare(size), [self = self()](error_code error, std::size_t count) {
      self->on_read(error, count);
    });
  }

  void on_read(error_code error, std::size_t count) {
    reading_ = false;
    if (phase_ == Phase::lingering) return linger(error);
    if (phase_ == Phase::streaming) return listen(error);
    if (phase_ != Phase::idle && phase_ != Phase::header && phase_ != Phase::body) return;
    if (error) return close();
    buffer_.commit(count);
    if (phase_ == Phase::body)
      parse_body();
    else
      parse_head();
  }

  void parse_head() {
    if (phase_ == Phase::idle) enter(Phase::header, surroundings_.options.header_timeout);
    error_code error;
    buffer_.consume(parser_->put(buffer_.data(), error));
    if (error == beast::http::error::need_more) return read();
    if (error == beast::http::error::header_limit) return refuse(431, "The head of the request is too large");
    if (error) return refuse(400, "This is not an HTTP request: " + error.message());
    on_head();
  }

  void on_head() {
    auto& head = parser_->get();
    request_ = std::make_shared<Request>();
    request_->id = next_request_id();
    request_->address = address_;
    request_->secure = std::is_same_v<Stream, TlsStream>;
    takes_pieces_ = head.version() >= 11;
    request_->method = method_of({head.method_string().data(), head.method_string().size()});
    request_->target.assign(head.target().data(), head.target().size());
    for (const auto& field : head)
      request_->headers.add({field.name_string().data(), field.name_string().size()},
                            {field.value().data(), field.value().size()});
    keep_alive_ = head.keep_alive();
    if (head.version() == 11 && !request_->headers.contains("Host"))
      return refuse(400, "The header Host is missing");
    const bool has_body = !parser_->is_done();
    if (std::optional<Response> refusal = surroundings_.dispatcher.admit(*request_, has_body)) {
      if (has_body) keep_alive_ = false;
      return respond(std::move(*refusal));
    }
    if (has_body) return begin_body();
    run();
  }

  void begin_body() {
    const std::uint64_t limit = request_->route->options.largest_body;
    if (parser_->content_length().value_or(0) > limit) return refuse_large(limit);
    parser_->get().body() =
        Body(limit, surroundings_.options.largest_in_memory, surroundings_.options.spool_folder);
    body_begun_ = Clock::now();
    enter(Phase::body, surroundings_.options.body_timeout);
    if (!equal_ignoring_case(request_->headers.get("Expect"), "100-continue")) return parse_body();
    static constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
    asio::async_write(stream_, asio::buffer(kContinue), [self = self()](error_code error, std::size_t) {
      if (error || self->phase_ != Phase::body) return self->close();
      self->parse_body();
    });
  }

  void parse_body() {
    error_code error;
    try {
      while (buffer_.size() > 0 && !parser_->is_done() && !error)
        buffer_.consume(parser_->put(buffer_.data(), error));
    } catch (const Error& failure) {  // the spool folder is full, or it is not packed as it says
      keep_alive_ = false;
      return respond_by_itself(error_response(failure));
    }
    if (error == beast::http::error::body_limit) return refuse_large(request_->route->options.largest_body);
    if (error && error != beast::http::error::need_more)
      return refuse(400, "The body is broken: " + error.message());
    if (parser_->is_done()) {
      request_->body = std::move(parser_->get().body());
      return run();
    }
    deadline_ = body_begun_ + surroundings_.options.body_timeout +
                std::chrono::seconds(seconds_for(parser_->get().body().size()));
    read();
  }

  void refuse_large(std::uint64_t limit) {
    refuse(413, "The body is larger than the limit of " + std::to_string(limit) + " bytes at this address");
  }

  void refuse(int status, const std::string& what) {
    keep_alive_ = false;
    parser_->get().body() = Body();
    if (!request_) {
      request_ = std::make_shared<Request>();
      request_->id = next_request_id();
    }
    respond_by_itself(protocol_error(status, what));
  }

  // ---- running ----

  void run() {
    phase_ = Phase::running;
    if (request_->route->options.quick) return respond(surroundings_.dispatcher.answer(*request_));
    const bool taken = surroundings_.workers.submit([self = self(), request = request_]() mutable {
      auto response = std::make_shared<Response>(self->surroundings_.dispatcher.answer(*request));
      if (response->more && !self->takes_pieces_) self->make_whole(*request, *response);
      request.reset();
      auto& context = self->loop_.context();
      asio::post(context, [self = std::move(self), response] { self->respond(std::move(*response)); });
    });
    if (!taken)
      respond_by_itself(
          error_response(Error(ErrorCode::busy, "The node has too much to do", {}, "Try again in a moment")));
  }

  // ---- answering ----

  // With what the dispatcher did not make.
  void respond_by_itself(Response response) {
    surroundings_.dispatcher.permit(*request_, response);
    respond(std::move(response));
  }

  void respond(Response response) {
    if (phase_ == Phase::closed) return;
    response_ = std::move(response);
    if (response_.web_socket) return become_web_socket();
    if (response_.events) keep_alive_ = false;
    if (last_) keep_alive_ = false;
    head_ = response_head(response_, request_->id, keep_alive_);
    if (request_->method == Method::head || response_.events) response_.body.clear();
    if (request_->method == Method::head) response_.more = nullptr;
    enter(Phase::writing,
          surroundings_.options.body_timeout + std::chrono::seconds(seconds_for(response_.body.size())));
    if (response_.more) return write_piece(std::exchange(response_.body, {}));
    const std::array<asio::const_buffer, 2> buffers{asio::buffer(head_), asio::buffer(response_.body)};
    asio::async_write(stream_, buffers, [self = self()](error_code error, std::size_t) {
      if (error || self->phase_ != Phase::writing) return self->close();
      self->on_responded();
    });
  }

  // A client of HTTP/1.0 knows no pieces.
  void make_whole(const Request& request, Response& response) const {
    try {
      for (std::string piece = response.more(); !piece.empty(); piece = response.more())
        response.body += piece;
      response.more = nullptr;
      return;
    } catch (const Error& error) {
      response = error_response(error);
    } catch (const std::exception& error) {
      response = error_response(Error(ErrorCode::internal, error.what()));
    }
    surroundings_.dispatcher.permit(request, response);
  }

  // A chunk (RFC 9112, 7.1), after the head if that is still to go; the last one is empty. The next is made
  // while this one is on its way.
  void write_piece(std::string piece) {
    enter(Phase::writing,
          surroundings_.options.body_timeout + std::chrono::seconds(seconds_for(piece.size())));
    piece_ = std::move(piece);
    head_ += fmt::format("{:x}\r\n", piece_.size());
    next_piece_.reset();
    steps_left_ = piece_.empty() ? 1 : 2;
    const std::array<asio::const_buffer, 3> buffers{asio::buffer(head_), asio::buffer(piece_),
                                                    asio::buffer(kLineEnd)};
    asio::async_write(stream_, buffers, [self = self()](error_code error, std::size_t) {
      if (error || self->phase_ != Phase::writing) return self->close();
      self->head_.clear();
      self->end_step();
    });
    if (!piece_.empty()) make_piece();
  }

  void make_piece() {
    const bool taken = surroundings_.workers.submit([self = self()]() mutable {
      auto piece = std::make_shared<std::optional<std::string>>();
      try {
        *piece = self->response_.more();
      } catch (const std::exception& error) {
        log_error("answer-broken-off", {{"reason", error.what()}});
      }
      auto& context = self->loop_.context();
      asio::post(context, [self = std::move(self), piece] {
        if (!*piece || self->phase_ != Phase::writing) return self->close();
        self->next_piece_ = std::move(**piece);
        self->end_step();
      });
    });
    if (!taken) close();
  }

  // A piece is sent, or the next one made.
  void end_step() {
    if (--steps_left_ > 0) return;
    if (!next_piece_) return on_responded();
    write_piece(std::move(*next_piece_));
  }

  void on_responded() {
    if (response_.events) return begin_stream();
    const bool unread = !parser_->is_done();
    request_.reset();
    response_ = Response();
    if (keep_alive_) return next_request();
    if (unread || std::is_same_v<Stream, TlsStream>) return say_goodbye();
    close();
  }

  // The client may still be sending what was refused; closing now would reset the connection under the
  // answer.
  void say_goodbye() {
    enter(Phase::lingering, kLinger);
    error_code ignored;
    if constexpr (std::is_same_v<Stream, TlsStream>)
      stream_.lowest_layer().cancel(ignored);
    else
      stream_.shutdown(tcp::socket::shutdown_send, ignored);
    if (!reading_) linger({});
  }

  void linger(error_code error) {
    if constexpr (std::is_same_v<Stream, TlsStream>) {
      stream_.async_shutdown([self = self()](error_code) { self->close(); });
    } else {
      if (error) return close();
      buffer_.clear();
      read();
    }
  }

  // While events are sent, a client has nothing to say but that it leaves.
  void listen(error_code error) {
    if (error) return close();
    buffer_.clear();
    read();
  }

  // ---- events ----

  void begin_stream();
  void check_stream(Clock::time_point now);
  void push(std::string text);
  void write_events();

  void become_web_socket() {
    enter(Phase::web_socket, surroundings_.options.session_check);
    web_socket_ = std::make_shared<WebSocketConnection<Stream>>(
        std::move(stream_), loop_.context(), surroundings_.workers, [self = self()] { self->close(); });
    if (request_->session) web_socket_->belong_to(request_->session->token);
    web_socket_->accept(parser_->get(), std::move(response_.web_socket));
  }

  // Otherwise a WebSocket has timeouts of its own.
  void check_web_socket(Clock::time_point now) {
    web_socket_->tick();
    if (now < deadline_) return;
    deadline_ = now + surroundings_.options.session_check;
    // Of a node that has too much to do, the next check asks.
    surroundings_.workers.submit(
        [socket = std::weak_ptr(web_socket_), &dispatcher = surroundings_.dispatcher] {
          const auto open = socket.lock();
          const std::string token = open ? open->session() : std::string();
          if (!token.empty() && !dispatcher.is_signed_in(token)) open->close();
        });
  }

  void close() {
    if (phase_ == Phase::closed) return;
    phase_ = Phase::closed;
    close_events();
    if (web_socket_) return std::exchange(web_socket_, {})->abort();
    error_code ignored;
    auto& socket = stream_.lowest_layer();
    socket.shutdown(tcp::socket::shutdown_both, ignored);
    socket.close(ignored);
  }
  void close_events();

  Loop& loop_;
  const Surroundings& surroundings_;
  Stream stream_;
  std::string address_;
  beast::flat_buffer buffer_;
  std::optional<Parser> parser_;
  std::shared_ptr<Request> request_;
  bool takes_pieces_ = true;
  std::string piece_;
  std::optional<std::string> next_piece_;
  int steps_left_ = 0;  // until the next piece can be sent
  Response response_;
  std::string head_;
  bool keep_alive_ = true;
  bool reading_ = false;
  bool last_ = false;  // the server stops: no more requests
  Phase phase_;
  Clock::time_point deadline_, body_begun_{}, heartbeat_{};

  std::shared_ptr<WebSocketConnection<Stream>> web_socket_;
  std::shared_ptr<Events> events_;
  std::deque<std::string> unsent_;
};

// What a handler holds; it may outlive the connection.
template <class Stream>
class StreamConnection<Stream>::Events final : public EventStream {
 public:
  explicit Events(std::shared_ptr<StreamConnection> connection)
      : context_(connection->loop_.context()), connection_(connection) {}

  bool send(std::string_view event, std::string_view data) override {
    std::string text = "event: " + std::string(event) + "\n";
    for (std::size_t start = 0; start <= data.size();) {
      const auto end = std::min(data.find('\n', start), data.size());
      text.append("data: ").append(data.substr(start, end - start)).append("\n");
      start = end + 1;
    }
    return push(text + "\n");
  }

  void close() override {
    asio::post(context_, [connection = connection_] {
      if (const auto alive = connection.lock()) alive->push({});
    });
  }

  void keep(std::shared_ptr<void> what) override {
    const std::lock_guard lock(mutex_);
    if (open_) kept_.push_back(std::move(what));
  }

  bool push(std::string text) {
    if (!open_) return false;
    unsent_ += text.size();
    asio::post(context_, [connection = connection_, text = std::move(text)]() mutable {
      if (const auto alive = connection.lock()) alive->push(std::move(text));
    });
    return true;
  }

  void closed() {
    std::vector<std::shared_ptr<void>> released;
    {
      const std::lock_guard lock(mutex_);
      open_ = false;
      released.swap(kept_);
    }
  }

  std::atomic<std::size_t> unsent_{0};

 private:
  asio::io_context& context_;
  const std::weak_ptr<StreamConnection> connection_;
  std::mutex mutex_;
  std::atomic<bool> open_{true};
  std::vector<std::shared_ptr<void>> kept_;
};

template <class Stream>
void StreamConnection<Stream>::begin_stream() {
  phase_ = Phase::streaming;
  const Clock::time_point time = Clock::now();
  deadline_ = time + kLongestStream;
  heartbeat_ = time + kHeartbeat;
  events_ = std::make_shared<Events>(self());
  const bool taken = surroundings_.workers.submit([events = events_, begin = std::move(response_.events)] {
    try {
      begin(events);
    } catch (const Error& error) {
      log_error("event-stream-failed", {{"error", error.describe()}});
      events->send("error", outcome_of(error).dump());
      events->close();
    }
  });
  if (!taken) return close();
  if (!reading_) read();
}

template <class Stream>
void StreamConnection<Stream>::check_stream(Clock::time_point now) {
  if (now >= deadline_ || events_->unsent_ > kMostUnsent) return close();
  if (now < heartbeat_) return;
  heartbeat_ = now + kHeartbeat;
  events_->push(": still here\n\n");
}

// An empty text ends the stream once all before it is sent.
template <class Stream>
void StreamConnection<Stream>::push(std::string text) {
  if (phase_ != Phase::streaming) return;
  unsent_.push_back(std::move(text));
  if (unsent_.size() == 1) write_events();
}

template <class Stream>
void StreamConnection<Stream>::write_events() {
  if (unsent_.front().empty()) {
    close_events();
    return say_goodbye();
  }
  asio::async_write(stream_, asio::buffer(unsent_.front()), [self = self()](error_code error, std::size_t) {
    if (error || self->phase_ != Phase::streaming) return self->close();
    self->events_->unsent_ -= self->unsent_.front().size();
    self->unsent_.pop_front();
    if (!self->unsent_.empty()) self->write_events();
  });
}

template <class Stream>
void StreamConnection<Stream>::close_events() {
  if (events_) events_->closed();
}

}  // namespace

void Loop::add(const std::shared_ptr<Connection>& connection) {
  const std::lock_guard lock(mutex_);
  connections_.emplace(connection.get(), connection);
}

void Loop::remove(const Connection* connection) {
  const std::lock_guard lock(mutex_);
  connections_.erase(connection);
}

std::vector<std::shared_ptr<Connection>> Loop::connections() const {
  std::vector<std::shared_ptr<Connection>> alive;
  const std::lock_guard lock(mutex_);
  for (const auto& [key, weak] : connections_)
    if (auto connection = weak.lock()) alive.push_back(std::move(connection));
  return alive;
}

std::size_t Loop::size() const {
  const std::lock_guard lock(mutex_);
  return connections_.size();
}

std::shared_ptr<Connection> make_connection(tcp::socket socket, asio::ssl::context* tls, Loop& loop,
                                            const Surroundings& surroundings) {
  std::shared_ptr<Connection> connection;
  if (tls)
    connection = std::make_shared<StreamConnection<TlsStream>>(loop, surroundings, std::move(socket), *tls);
  else
    connection = std::make_shared<StreamConnection<tcp::socket>>(loop, surroundings, std::move(socket));
  loop.add(connection);
  return connection;
}

}  // namespace meridian::doors::http
