#include "storage/group_commit.h"

#include "base/error.h"
#include "base/log.h"
#include "base/metrics.h"
#include "storage/session_transaction.h"

namespace meridian::storage {
namespace {

// A batch ends when nobody waits, or after so many writes or so long: whoever came first must not wait for
// ever.
constexpr std::size_t kLargestBatch = 256;
constexpr std::chrono::milliseconds kLongestBatch{250};

}  // namespace

class GroupCommitWriter::BatchedTransaction : public SessionTransaction {
 public:
  BatchedTransaction(Session& session, Request& request, std::shared_ptr<Listeners> listeners)
      : session_(session), request_(request), listeners_(std::move(listeners)) {}
  std::int64_t run(std::string_view sql, std::span<const Value> values,
                   const std::function<bool(const Row&)>& each_row) override {
    return session_.run(sql, values, each_row);
  }
  void send(std::string_view sql, std::span<const Value> values) override { session_.send(sql, values); }
  void send_rows(const Rows& rows) override { session_.send_rows(rows); }
  void send_late(std::string_view table, std::string_view sql, std::span<const Value> values) override {
    session_.send_late(table, sql, values);
  }
  void after_commit(std::function<void()> action) override {
    request_.after_commit.push_back(std::move(action));
  }
  void tell(std::string_view channel, std::string_view text) override {
    session_.tell_others(listeners_->id(), channel, text);
    after_commit([listeners = listeners_, channel = std::string(channel), text = std::string(text)] {
      listeners->tell(channel, text);
    });
  }

 private:
  Session& session_;
  Request& request_;
  const std::shared_ptr<Listeners> listeners_;
};

GroupCommitWriter::GroupCommitWriter(std::unique_ptr<Session> session, std::shared_ptr<Listeners> listeners)
    : session_(std::move(session)), listeners_(std::move(listeners)), thread_([this] { work(); }) {}

GroupCommitWriter::~GroupCommitWriter() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  asked_.notify_one();
  thread_.join();
}

void GroupCommitWriter::write(const std::function<void(Transaction&)>& function) {
  if (std::this_thread::get_id() == thread_.get_id())
    throw Error(ErrorCode::internal, "Database::write was called from within a write", {},
                "Use the Transaction that the outer write was given");
  Request request{&function, {}, {}, {}};
  std::future<void> done = request.done.get_future();
  {
    const std::lock_guard lock(mutex_);
    waiting_.push_back(&request);
  }
  asked_.notify_one();
  done.get();
  for (const auto& action : request.after_commit) action();
}

GroupCommitWriter::Request* GroupCommitWriter::next(bool wait) {
  std::unique_lock lock(mutex_);
  if (wait) asked_.wait(lock, [&] { return stopping_ || !waiting_.empty(); });
  if (waiting_.empty()) return nullptr;
  Request* request = waiting_.front();
  waiting_.pop_front();
  return request;
}

void GroupCommitWriter::work() {
  while (Request* first = next(true)) execute_batch(first);
}

void GroupCommitWriter::execute_batch(Request* first) {
  const auto end = std::chrono::steady_clock::now() + kLongestBatch;
  if (!execute_first(*first)) return;
  Batch batch{first};
  while (session_->in_transaction() && batch.size() < kLargestBatch &&
         std::chrono::steady_clock::now() < end) {
    Request* request = next(false);
    if (!request) break;
    execute_in_savepoint(*request);
    batch.push_back(request);
  }
  commit(batch);
}

bool GroupCommitWriter::execute_first(Request& request) {
  try {
    session_->begin();
    BatchedTransaction transaction(*session_, request, listeners_);
    (*request.function)(transaction);
    session_->settle();
    return true;
  } catch (...) {
    request.failure = std::current_exception();
  }
  session_->roll_back();
  abandon({&request}, request.failure);
  return false;
}

void GroupCommitWriter::execute_in_savepoint(Request& request) {
  try {
    session_->begin_part();
    BatchedTransaction transaction(*session_, request, listeners_);
    (*request.function)(transaction);
    session_->keep_part();
  } catch (...) {
    request.failure = std::current_exception();
    undo_savepoint();
  }
}

void GroupCommitWriter::undo_savepoint() {
  if (!session_->in_transaction()) return;  // the error has undone the whole batch already
  try {
    session_->settle();
  } catch (const Error&) {
    // of a statement of the write that has failed already
  }
  try {
    session_->undo_part();
  } catch (const Error& error) {
    log_error("savepoint-not-undone", {{"reason", error.what()}});
    session_->roll_back();
  }
}

void GroupCommitWriter::commit(const Batch& batch) {
  const auto start = std::chrono::steady_clock::now();
  try {
    if (!session_->in_transaction()) throw session_->ended_early();
    session_->commit();
  } catch (...) {
    session_->roll_back();
    return abandon(batch, std::current_exception());
  }
  observe_seconds("meridian_storage_commit_seconds",
                  std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
  count("meridian_storage_writes_total", {}, static_cast<double>(batch.size()));
  // Failures too are told only now: a write may have failed because of what another in the batch wrote.
  for (Request* request : batch)
    if (request->failure)
      request->done.set_exception(request->failure);
    else
      request->done.set_value();
}

void GroupCommitWriter::abandon(const Batch& batch, const std::exception_ptr& reason) {
  for (Request* request : batch) request->done.set_exception(request->failure ? request->failure : reason);
}

}  // namespace meridian::storage
