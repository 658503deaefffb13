#include "storage/postgres/connection.h"

#include <poll.h>

#include <array>
#include <cstring>

#include "base/encoding.h"
#include "base/log.h"
#include "storage/postgres/error.h"
#include "storage/postgres/notification.h"
#include "storage/postgres/sql_text.h"

namespace meridian::storage::postgres {
namespace {

constexpr int kOldestServer = 150000;
constexpr std::size_t kStatementsKept = 300;
// Answers that wait unread must fit into the socket's buffer, or both sides would wait to be read.
constexpr std::size_t kMostSent = 200;
constexpr int kBinary = 1;

// A node that waits for another's write is told so after a while; one that hangs within a write loses it.
constexpr const char* kWriterSettings =
    "SET lock_timeout = '10s'; SET idle_in_transaction_session_timeout = '60s'; ";

// All that write to one schema ask for the lock of this number.
std::int64_t lock_of(const std::string& schema) {
  std::int64_t number;
  std::memcpy(&number, sha256("meridian writes " + schema).data(), sizeof number);
  return number;
}

void require_fit(PGconn* connection) {
  if (PQserverVersion(connection) < kOldestServer)
    throw Error(ErrorCode::invalid_configuration,
                std::string("PostgreSQL ") + PQparameterStatus(connection, "server_version") +
                    " is too old, 15 is needed",
                PQhost(connection), "Name another with database.url");
  const std::string encoding = PQparameterStatus(connection, "server_encoding");
  if (encoding != "UTF8")
    throw Error(ErrorCode::invalid_configuration, "The database keeps text as " + encoding + ", not as UTF8",
                PQdb(connection), "Make one with: createdb --encoding=UTF8 --template=template0 NAME");
}

// Takes in what has come meanwhile: answers that nobody waited for, or the end.
bool is_alive(PGconn* connection) {
  pollfd socket{PQsocket(connection), POLLIN, 0};
  while (::poll(&socket, 1, 0) > 0)
    if (!PQconsumeInput(connection) || PQstatus(connection) == CONNECTION_BAD) return false;
  return true;
}

}  // namespace

std::unique_ptr<PGconn, Freed<PQfinish>> connect_to(const DatabaseOptions& options) {
  // What the URL says wins.
  const std::array<const char*, 5> keys{"connect_timeout", "fallback_application_name", "client_encoding",
                                        "dbname", nullptr};
  const std::array<const char*, 5> values{"10", "meridian", "UTF8", options.url.c_str(), nullptr};
  std::unique_ptr<PGconn, Freed<PQfinish>> handle(PQconnectdbParams(keys.data(), values.data(), 1));
  if (PQstatus(handle.get()) != CONNECTION_OK) throw connection_error(handle.get());
  require_fit(handle.get());
  PQsetNoticeProcessor(
      handle.get(), [](void*, const char*) {}, nullptr);
  return handle;
}

PostgresConnection::PostgresConnection(const DatabaseOptions& options, Mode mode)
    : options_(options), mode_(mode) {
  connect();
}

void PostgresConnection::connect() {
  sent_.clear();
  by_key_.clear();
  statements_.clear();
  in_transaction_ = false;
  handle_ = connect_to(options_);
  execute_now(std::string(mode_ == Mode::read_write ? kWriterSettings : "") +
              "SET jit = off; SET search_path = \"" + options_.schema +
              "\"; SET synchronous_commit = " + (options_.synchronous ? "on" : "off"));
  PQenterPipelineMode(handle_.get());
}

void PostgresConnection::execute_now(const std::string& sql) {
  const Result result(PQexec(handle_.get(), sql.c_str()));
  if (PQresultStatus(result.get()) != PGRES_COMMAND_OK) throw error_of(*result, "run \"" + sql + "\"");
}

const PostgresConnection::Statement& PostgresConnection::prepared(std::string_view sql,
                                                                  const Parameters& parameters) {
  std::string key(sql);
  key += '\0';
  for (int i = 0; i < parameters.size(); ++i) key += static_cast<char>(parameters.types()[i]);
  if (const auto found = by_key_.find(key); found != by_key_.end()) {
    statements_.splice(statements_.begin(), statements_, found->second);
    return statements_.front();
  }
  const SqlText text = to_postgres(sql);
  if (text.parameters != parameters.size())
    throw Error(ErrorCode::internal, std::to_string(parameters.size()) +
                                         " values are given for the parameters of: " + std::string(sql));
  if (statements_.size() >= kStatementsKept) evict_oldest();
  statements_.push_front({std::move(key), "s" + std::to_string(++names_given_)});
  Statement& made = statements_.front();
  by_key_.emplace(made.key, statements_.begin());
  require_sent(PQsendPrepare(handle_.get(), made.name.c_str(), text.text.c_str(), parameters.size(),
                             parameters.types()));
  sent_.push_back({Sent::Kind::prepare, made.key});
  return made;
}

void PostgresConnection::evict_oldest() {
  const std::string forget = "DEALLOCATE " + statements_.back().name;
  by_key_.erase(statements_.back().key);
  statements_.pop_back();
  require_sent(
      PQsendQueryParams(handle_.get(), forget.c_str(), 0, nullptr, nullptr, nullptr, nullptr, kBinary));
  sent_.push_back({Sent::Kind::execute, forget});
}

void PostgresConnection::send(std::string_view sql, std::span<const Value> values) {
  send(sql, Parameters(values));
}

void PostgresConnection::send_rows(const Rows& rows) {
  if (rows.values.empty()) return;
  std::string sql = "INSERT INTO " + std::string(rows.table) + " SELECT * FROM unnest(?";
  for (std::size_t i = 1; i < rows.columns.size(); ++i) sql += ", ?";
  send(sql += ")", Parameters(rows));
}

void PostgresConnection::tell_others(std::string_view origin, std::string_view channel,
                                     std::string_view text) {
  const std::string name = channel_of(options_.schema), told = notification_of(origin, channel, text);
  const std::array<Value, 2> values{name, told};
  send("SELECT pg_notify(?, ?)", values);
}

void PostgresConnection::send(std::string_view sql, const Parameters& parameters) {
  if (!handle_) throw ended_early();
  if (sent_.size() >= kMostSent) receive();
  const Statement& statement = prepared(sql, parameters);
  require_sent(PQsendQueryPrepared(handle_.get(), statement.name.c_str(), parameters.size(),
                                   parameters.values(), parameters.lengths(), parameters.formats(), kBinary));
  sent_.push_back({Sent::Kind::execute, std::string(sql)});
}

std::int64_t PostgresConnection::run(std::string_view sql, std::span<const Value> values,
                                     const std::function<bool(const Row&)>& each_row) {
  send(sql, values);
  const Result result = receive();
  for (int i = 0, rows = PQntuples(result.get()); i < rows; ++i)
    if (!each_row(PostgresRow(*result, i))) break;
  const bool reads = std::string_view(PQcmdStatus(result.get())).starts_with("SELECT");
  return reads ? 0 : std::atoll(PQcmdTuples(result.get()));
}

void PostgresConnection::require_sent(int done) {
  if (!done) fail_lost();
}

void PostgresConnection::synchronize() {
  require_sent(PQpipelineSync(handle_.get()));
  sent_.push_back({Sent::Kind::synchronize, {}});
}

PostgresConnection::Result PostgresConnection::receive() {
  Result last;
  if (sent_.empty()) return last;
  synchronize();
  std::optional<Error> failure;
  for (const Sent& sent : std::exchange(sent_, {})) take_answer(sent, last, failure);
  if (failure) throw *failure;
  return last;
}

void PostgresConnection::take_answer(const Sent& sent, Result& last, std::optional<Error>& failure) {
  Result result(PQgetResult(handle_.get()));
  if (!result || PQstatus(handle_.get()) == CONNECTION_BAD) fail_lost();
  if (sent.kind == Sent::Kind::synchronize) return;
  const ExecStatusType status = PQresultStatus(result.get());
  const bool done = status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;
  if (!done && status != PGRES_PIPELINE_ABORTED && !failure)
    failure = error_of(*result, "run \"" + sent.text.substr(0, sent.text.find('\0')) + "\"");
  while (const Result rest{PQgetResult(handle_.get())}) {
  }
  if (sent.kind == Sent::Kind::execute) last = std::move(result);
  if (sent.kind == Sent::Kind::prepare && !done)
    if (const auto found = by_key_.find(sent.text); found != by_key_.end()) {
      const auto statement = found->second;
      by_key_.erase(found);
      statements_.erase(statement);
    }
}

void PostgresConnection::fail_lost() {
  const Error error = connection_error(handle_.get());
  in_transaction_ = false;
  handle_.reset();
  throw error;
}

void PostgresConnection::begin() {
  if (handle_ && !is_alive(handle_.get())) handle_.reset();
  if (!handle_) connect();
  if (mode_ == Mode::read_only) {
    send("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", {});
  } else {
    const std::array<Value, 1> lock{lock_of(options_.schema)};
    send("BEGIN", {});
    send("SELECT pg_advisory_xact_lock(?)", lock);
  }
  in_transaction_ = true;
}

// Nobody waits for the end of what was only read.
void PostgresConnection::commit() {
  send("COMMIT", {});
  if (mode_ == Mode::read_only) {
    in_transaction_ = false;
    return synchronize();
  }
  const Result result = receive_end();
  in_transaction_ = false;
  if (std::string_view(PQcmdStatus(result.get())) != "COMMIT")
    throw Error(ErrorCode::internal, "A transaction was to be kept after an error");
}

PostgresConnection::Result PostgresConnection::receive_end() {
  try {
    return receive();
  } catch (const Error& error) {
    if (handle_) throw;
    throw Error(ErrorCode::unavailable,
                std::string("The connection was lost while a write was to become durable: ") + error.what(),
                {}, "Whether it is kept is not known: look before you send it again");
  }
}

void PostgresConnection::roll_back() noexcept {
  if (!in_transaction_) return;
  try {
    synchronize();  // after an error nothing runs before that
    send("ROLLBACK", {});
    receive();
  } catch (const Error&) {
    // an earlier statement's, or the connection is lost: then the server undoes
  }
  in_transaction_ = false;
}

Error PostgresConnection::ended_early() const {
  return {ErrorCode::unavailable,
          "The connection to PostgreSQL was lost in a write beside this one, and all were undone",
          {},
          "Try again"};
}

}  // namespace meridian::storage::postgres
