#include "storage/queue.h"

#include <algorithm>
#include <array>
#include <condition_variable>
#include <mutex>
#include <set>
#include <unordered_map>

#include "base/error.h"
#include "base/log.h"
#include "storage/process.h"

namespace meridian::storage {
namespace {

using namespace std::chrono_literals;

constexpr std::chrono::seconds kFirstBackOff = 5s;
constexpr std::chrono::seconds kLongestBackOff = 1h;
constexpr std::int64_t kMostDeaths = 5;

// A job is waiting (taker empty), in work (taker set, due at the end of its lease) or parked.
constexpr std::string_view kSchema = R"sql(
CREATE TABLE job (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  topic TEXT NOT NULL,
  job_key TEXT NOT NULL,
  payload TEXT NOT NULL,
  attempt INTEGER NOT NULL DEFAULT 1,
  last_error TEXT NOT NULL DEFAULT '',
  due INTEGER NOT NULL,
  parked INTEGER NOT NULL DEFAULT 0,
  taker TEXT NOT NULL DEFAULT '',
  lease INTEGER NOT NULL DEFAULT 0,
  deaths INTEGER NOT NULL DEFAULT 0);
CREATE INDEX job_due ON job (topic, parked, due, number);
CREATE INDEX job_by_key ON job (topic, job_key) WHERE job_key <> '';
)sql";
// Jobs of subscriptions that were written before had their series at the beginning of their keys.
constexpr std::string_view kSeries = R"sql(
ALTER TABLE job ADD COLUMN series TEXT NOT NULL DEFAULT '';
CREATE INDEX job_in_series ON job (topic, series) WHERE series <> '';
UPDATE job SET series = substr(job_key, 1, instr(job_key, '/') - 1)
 WHERE topic = 'subscription' AND instr(job_key, '/') > 0;
)sql";
constexpr std::array kMigrations{Migration{"storage.queue", 1, kSchema},
                                 Migration{"storage.queue", 2, kSeries}};

constexpr std::string_view kColumns = "number, topic, job_key, payload, attempt, last_error, due, lease";

// The next that is due, unless one of its series is in work. Parameters: topic, now, now.
constexpr std::string_view kNext =
    "SELECT j.number FROM job j WHERE j.topic = ? AND j.parked = 0 AND j.due <= ?"
    " AND (j.series = '' OR NOT EXISTS (SELECT 1 FROM job o WHERE o.topic = j.topic AND o.series = j.series"
    " AND o.series <> '' AND o.parked = 0 AND o.taker <> '' AND o.due > ?)) ORDER BY j.due, j.number LIMIT 1";

std::int64_t to_micros(Instant time) {
  return time.time_since_epoch().count();
}

Job job_of(const Row& row) {
  Job job;
  job.number = row.integer(0);
  job.topic = row.text(1);
  job.key = row.text(2);
  job.payload = Json::parse(row.text(3));
  job.attempt = static_cast<int>(row.integer(4));
  job.last_error = row.text(5);
  job.due = Instant(std::chrono::microseconds(row.integer(6)));
  job.lease = row.integer(7);
  return job;
}

std::chrono::seconds back_off_after(int attempt) {
  const int doublings = std::clamp(attempt - 1, 0, 20);
  return std::min(kLongestBackOff, kFirstBackOff * (1 << doublings));
}

bool another_waits(Connection& transaction, const std::string& topic, const std::string& key,
                   std::int64_t number) {
  return !key.empty() &&
         transaction.query_first(
             "SELECT 1 FROM job WHERE topic = ? AND job_key = ? AND job_key <> '' AND parked = 0"
             " AND taker = '' AND number <> ? LIMIT 1",
             {topic, key, number}, [](const Row&) {});
}

// Jobs that dead processes of this machine had in work are due at once.
void release_jobs_of_the_dead(Transaction& transaction, Instant moment) {
  std::set<std::string> dead;
  transaction.query("SELECT DISTINCT taker FROM job WHERE taker <> ''", {}, [&](const Row& row) {
    if (const std::string taker(row.text(0)); !may_be_running(taker)) dead.insert(taker);
  });
  for (const std::string& taker : dead)
    transaction.execute("UPDATE job SET due = ? WHERE taker = ?", {to_micros(moment), taker});
}

[[noreturn]] void fail_taken(const Job& job) {
  throw Error(ErrorCode::conflict,
              "Job " + std::to_string(job.number) + " of " + job.topic + " is no longer this worker's", {},
              "Throw its result away: another worker has the job");
}

Job require_parked(Transaction& transaction, std::int64_t number) {
  Job job;
  static const std::string sql =
      "SELECT " + std::string(kColumns) + " FROM job WHERE number = ? AND parked = 1";
  if (!transaction.query_first(sql, {number}, [&](const Row& row) { job = job_of(row); }))
    throw Error(ErrorCode::not_found, "There is no parked job " + std::to_string(number));
  return job;
}

void park_what_kills_its_takers(Transaction& transaction, const std::string& topic, std::int64_t at) {
  transaction.execute(
      "UPDATE job SET parked = 1, taker = '',"
      " last_error = 'Parked: the program ended ' || (deaths + 1) || ' times while it was at this job'"
      " WHERE topic = ? AND parked = 0 AND due <= ? AND taker <> '' AND deaths + 1 >= ?",
      {topic, at, kMostDeaths});
}

}  // namespace

// Tells waiting workers of this process about new jobs. Each worker's thread remembers the last news it had,
// so that a job which comes between its take() and its wait() is not slept through.
struct Queue::State {
  const std::string process = this_process();
  std::once_flag dead_released;
  std::mutex mutex;
  std::condition_variable news_or_stop;
  std::uint64_t news = 0;
  bool stopped = false;
  std::unordered_map<std::thread::id, std::uint64_t> last_seen;

  void tell() {
    {
      const std::lock_guard lock(mutex);
      ++news;
    }
    news_or_stop.notify_all();
  }
};

std::span<const Migration> Queue::migrations() {
  return kMigrations;
}

Queue::Queue(Database& database, std::function<Instant()> clock)
    : database_(database), clock_(std::move(clock)), state_(std::make_shared<State>()) {}

void Queue::add(Transaction& transaction, const std::string& topic, const Json& payload,
                const std::string& key, std::chrono::seconds delay) {
  add_in_series(transaction, {}, topic, payload, key, delay);
}

void Queue::add_in_series(Transaction& transaction, const std::string& series, const std::string& topic,
                          const Json& payload, const std::string& key, std::chrono::seconds delay) {
  if (another_waits(transaction, topic, key, 0)) return;
  const std::string text = payload.dump();
  transaction.execute("INSERT INTO job (topic, job_key, payload, due, series) VALUES (?, ?, ?, ?, ?)",
                      {topic, key, text, to_micros(time() + delay), series});
  if (delay <= delay.zero()) transaction.after_commit([state = state_] { state->tell(); });
}

std::optional<Job> Queue::take(const std::string& topic, std::chrono::seconds lease) {
  std::call_once(state_->dead_released, [&] {
    database_.write([&](Transaction& transaction) { release_jobs_of_the_dead(transaction, time()); });
  });
  const std::int64_t at = to_micros(time());
  const auto is_due = [&](Connection& connection) {
    return connection.query_first(kNext, {topic, at, at}, [](const Row&) {});
  };
  if (!database_.read(is_due)) return {};
  return database_.write([&](Transaction& transaction) {
    park_what_kills_its_takers(transaction, topic, at);
    std::optional<Job> job;
    transaction.query(
        "UPDATE job SET lease = lease + 1, due = ?, attempt = attempt + CASE WHEN taker <> '' THEN 1 ELSE 0 "
        "END,"
        " deaths = deaths + CASE WHEN taker <> '' THEN 1 ELSE 0 END, taker = ? WHERE number = (" +
            std::string(kNext) + ") RETURNING " + std::string(kColumns),
        {to_micros(time() + lease), state_->process, topic, at, at},
        [&](const Row& row) { job = job_of(row); });
    return job;
  });
}

std::optional<Job> Queue::take_waiting(const std::string& topic, const std::string& key,
                                       std::chrono::seconds lease) {
  if (!database_.read([&](Connection& connection) { return another_waits(connection, topic, key, 0); }))
    return {};
  return database_.write([&](Transaction& transaction) {
    std::optional<Job> job;
    transaction.query(
        "UPDATE job SET lease = lease + 1, due = ?, taker = ? WHERE number = ("
        "SELECT number FROM job WHERE topic = ? AND job_key = ? AND job_key <> '' AND parked = 0"
        " AND taker = '' LIMIT 1) RETURNING " +
            std::string(kColumns),
        {to_micros(time() + lease), state_->process, topic, key}, [&](const Row& row) { job = job_of(row); });
    return job;
  });
}

bool Queue::wait(std::chrono::milliseconds at_most) {
  std::unique_lock lock(state_->mutex);
  std::uint64_t& seen = state_->last_seen[std::this_thread::get_id()];
  state_->news_or_stop.wait_for(lock, at_most, [&] { return state_->stopped || state_->news != seen; });
  seen = state_->news;
  return !state_->stopped;
}

void Queue::stop() {
  {
    const std::lock_guard lock(state_->mutex);
    state_->stopped = true;
  }
  state_->news_or_stop.notify_all();
}

void Queue::finish(Transaction& transaction, const Job& job) {
  if (transaction.execute("DELETE FROM job WHERE number = ? AND lease = ? AND taker <> ''",
                          {job.number, job.lease}) == 0)
    fail_taken(job);
}

void Queue::fail(const Job& job, const std::string& reason, int max_attempts) {
  const bool park = job.attempt >= max_attempts;
  const std::int64_t parked = park;
  const std::int64_t due = to_micros(time() + (park ? 0s : back_off_after(job.attempt)));
  database_.write([&](Transaction& transaction) {
    if (!park && another_waits(transaction, job.topic, job.key, job.number))
      transaction.execute("DELETE FROM job WHERE number = ? AND lease = ? AND taker <> ''",
                          {job.number, job.lease});
    else
      transaction.execute(
          "UPDATE job SET attempt = attempt + 1, last_error = ?, due = ?, parked = ?, taker = ''"
          " WHERE number = ? AND lease = ? AND taker <> ''",
          {reason, due, parked, job.number, job.lease});
  });
  if (park) log_error("job-parked", {{"job", job.number}, {"topic", job.topic}, {"reason", reason}});
}

void Queue::park(Transaction& transaction, const Job& job, const std::string& reason) {
  const std::string payload = job.payload.dump();
  if (transaction.execute("UPDATE job SET payload = ?, last_error = ?, due = ?, parked = 1, taker = ''"
                          " WHERE number = ? AND lease = ? AND taker <> ''",
                          {payload, reason, to_micros(time()), job.number, job.lease}) == 0)
    fail_taken(job);
  transaction.after_commit([number = job.number, topic = job.topic, reason] {
    log_error("job-parked", {{"job", number}, {"topic", topic}, {"reason", reason}});
  });
}

std::vector<Job> Queue::parked() const {
  return database_.read([](Connection& connection) {
    std::vector<Job> jobs;
    connection.query("SELECT " + std::string(kColumns) + " FROM job WHERE parked = 1 ORDER BY number DESC",
                     {}, [&](const Row& row) { jobs.push_back(job_of(row)); });
    return jobs;
  });
}

Job Queue::retry(Transaction& transaction, std::int64_t number) {
  Job job = require_parked(transaction, number);
  if (another_waits(transaction, job.topic, job.key, number))
    transaction.execute("DELETE FROM job WHERE number = ?", {number});
  else
    transaction.execute("UPDATE job SET parked = 0, attempt = 1, deaths = 0, due = ? WHERE number = ?",
                        {to_micros(time()), number});
  transaction.after_commit([state = state_] { state->tell(); });
  return job;
}

Job Queue::discard(Transaction& transaction, std::int64_t number) {
  Job job = require_parked(transaction, number);
  transaction.execute("DELETE FROM job WHERE number = ?", {number});
  return job;
}

void Queue::discard_series(Transaction& transaction, const std::string& topic, const std::string& series) {
  transaction.execute("DELETE FROM job WHERE topic = ? AND series = ? AND series <> '' AND parked = 1",
                      {topic, series});
}

std::int64_t Queue::waiting(const std::string& topic) const {
  return database_.read([&](Connection& connection) {
    std::int64_t count = 0;
    connection.query("SELECT COUNT(*) FROM job WHERE topic = ? AND parked = 0 AND taker = ''", {topic},
                     [&](const Row& row) { count = row.integer(0); });
    return count;
  });
}

}  // namespace meridian::storage
