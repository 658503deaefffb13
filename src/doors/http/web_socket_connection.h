// A WebSocket on a client's stream, run by Beast. Everything but WebSocket's functions is on the stream's
// thread.
#pragma once
#include <atomic>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/beast/core/buffers_to_string.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/websocket.hpp>
#include <boost/beast/websocket/ssl.hpp>
#include <deque>
#include <mutex>
#include <vector>

#include "base/error.h"
#include "base/log.h"
#include "doors/http/web_socket.h"
#include "doors/http/worker_pool.h"

namespace meridian::doors::http {

template <class Stream>
class WebSocketConnection final : public WebSocket,
                                  public std::enable_shared_from_this<WebSocketConnection<Stream>> {
 public:
  using Begin = std::function<void(const std::shared_ptr<WebSocket>&)>;

  // on_end is called once, when the connection has ended.
  WebSocketConnection(Stream stream, boost::asio::io_context& context, WorkerPool& workers,
                      std::function<void()> on_end)
      : context_(context), workers_(workers), socket_(std::move(stream)), on_end_(std::move(on_end)) {
    namespace websocket = boost::beast::websocket;
    socket_.set_option(websocket::stream_base::timeout::suggested(boost::beast::role_type::server));
    socket_.read_message_max(0);  // read() looks itself, to say why it takes no more
    socket_.text(true);
  }

  template <class Request>
  void accept(const Request& upgrade, Begin begin) {
    socket_.async_accept(upgrade, [self = self(), begin = std::move(begin)](boost::system::error_code error) {
      if (error) return self->end();
      self->run([self, begin] { begin(self); });
    });
  }

  // Without a word to the client.
  void abort() {
    boost::system::error_code ignored;
    boost::beast::get_lowest_layer(socket_).close(ignored);
    end();
  }

  bool send(std::string text) override {
    if (ended_) return false;
    unsent_bytes_ += text.size();
    boost::asio::post(context_, [self = self(), text = std::move(text)]() mutable {
      if (self->ended_) return;
      if (self->unsent_bytes_ > kMostUnsent) return self->abort();
      self->unsent_.push_back(std::move(text));
      if (self->unsent_.size() == 1) self->write();
    });
    return true;
  }

  void close() override {
    boost::asio::post(context_, [self = self()] {
      self->closing_ = true;
      if (self->unsent_.empty()) self->say_goodbye();
    });
  }

  void on_text(std::function<void(const std::string&)> call) override { on_text_ = std::move(call); }

  void on_tick(std::function<void()> call) override {
    const std::lock_guard lock(mutex_);
    on_tick_ = std::move(call);
  }
  // To be called now and then.
  void tick() {
    std::function<void()> call;
    {
      const std::lock_guard lock(mutex_);
      if (!on_tick_ || ended_ || ticking_.exchange(true)) return;
      call = on_tick_;
    }
    const bool taken = workers_.submit([self = self(), call = std::move(call)] {
      guarded(call);
      self->ticking_ = false;
    });
    if (!taken) ticking_ = false;
  }

  void later(std::function<void()> task) override {
    const bool taken = workers_.submit([task = std::move(task)] { guarded(task); });
    if (!taken) close();  // what it would have said is lost
  }

  void belong_to(std::string token) override {
    const std::lock_guard lock(mutex_);
    session_ = std::move(token);
  }
  std::string session() const {
    const std::lock_guard lock(mutex_);
    return session_;
  }

  void keep(std::shared_ptr<void> what) override {
    const std::lock_guard lock(mutex_);
    if (!ended_) kept_.push_back(std::move(what));
  }

 private:
  static constexpr std::size_t kLargestMessage = 16 * 1024, kMostUnsent = 4u << 20;

  std::shared_ptr<WebSocketConnection> self() { return this->shared_from_this(); }

  static void guarded(const std::function<void()>& task) {
    try {
      task();
    } catch (const std::exception& error) {
      log_error("websocket-failed", {{"error", error.what()}});
    }
  }

  // Runs the task on a worker; the next text is read after it.
  void run(std::function<void()> task) {
    const bool taken = workers_.submit([self = self(), task = std::move(task)] {
      guarded(task);
      boost::asio::post(self->context_, [self] { self->read(); });
    });
    if (!taken) abort();
  }

  void read() {
    if (ended_ || closing_) return;
    const std::size_t left = kLargestMessage + 1 - buffer_.size();
    socket_.async_read_some(buffer_, left, [self = self()](boost::system::error_code error, std::size_t) {
      if (error) return self->end();
      if (self->buffer_.size() > kLargestMessage) return self->refuse_message();
      if (!self->socket_.is_message_done()) return self->read();
      std::string text = boost::beast::buffers_to_string(self->buffer_.data());
      self->buffer_.clear();
      self->run([self, text = std::move(text)] {
        if (self->on_text_) self->on_text_(text);
      });
    });
  }

  void write() {
    socket_.async_write(boost::asio::buffer(unsent_.front()),
                        [self = self()](boost::system::error_code error, std::size_t) {
                          if (error) return self->end();
                          self->unsent_bytes_ -= self->unsent_.front().size();
                          self->unsent_.pop_front();
                          if (!self->unsent_.empty()) return self->write();
                          if (self->closing_) self->say_goodbye();
                        });
  }

  void refuse_message() {
    closing_ = true;
    say_goodbye({boost::beast::websocket::close_code::too_big,
                 "A message has at most " + std::to_string(kLargestMessage) + " bytes"});
  }

  void say_goodbye(
      const boost::beast::websocket::close_reason& why = boost::beast::websocket::close_code::normal) {
    if (ended_ || std::exchange(leaving_, true)) return;
    socket_.async_close(why, [self = self()](boost::system::error_code) { self->end(); });
  }

  void end() {
    std::vector<std::shared_ptr<void>> released;
    {
      const std::lock_guard lock(mutex_);
      if (ended_.exchange(true)) return;
      released.swap(kept_);
      on_tick_ = {};
    }
    if (on_end_) std::exchange(on_end_, {})();
  }

  boost::asio::io_context& context_;
  WorkerPool& workers_;
  boost::beast::websocket::stream<Stream> socket_;
  std::function<void()> on_end_;
  std::function<void(const std::string&)> on_text_;
  std::function<void()> on_tick_;  // under the mutex
  std::atomic<bool> ticking_{false};
  boost::beast::flat_buffer buffer_;
  std::deque<std::string> unsent_;
  std::atomic<std::size_t> unsent_bytes_{0};
  bool closing_ = false, leaving_ = false;
  mutable std::mutex mutex_;
  std::string session_;  // under the mutex
  std::atomic<bool> ended_{false};
  std::vector<std::shared_ptr<void>> kept_;
};

}  // namespace meridian::doors::http
