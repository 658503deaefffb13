// One connection to PostgreSQL with its prepared statements.
//
// Statements go out in pipeline mode: what nobody asks the answer of waits for the next that somebody does,
// so that beginning a transaction, savepoints and index rows cost no round trip of their own.
#pragma once
#include <libpq-fe.h>

#include <list>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/freed.h"
#include "storage/postgres/row.h"
#include "storage/session.h"

namespace meridian::storage::postgres {

enum class Mode { read_only, read_write };

// A connection to a server that is new enough. Throws unavailable or invalid_configuration.
std::unique_ptr<PGconn, Freed<PQfinish>> connect_to(const DatabaseOptions& options);

class PostgresConnection : public Session {
 public:
  // Throws unavailable or invalid_configuration.
  PostgresConnection(const DatabaseOptions& options, Mode mode);

  // The result is held in memory before each_row is called, which may run any other statement.
  std::int64_t run(std::string_view sql, std::span<const Value> values,
                   const std::function<bool(const Row&)>& each_row) override;
  // A reader: a snapshot, of when its first statement runs. The writer: waits for those of other processes. A
  // connection that was lost meanwhile is made again.
  void begin() override;
  void commit() override;
  void roll_back() noexcept override;
  bool in_transaction() const override { return in_transaction_; }
  Error ended_early() const override;
  void send(std::string_view sql, std::span<const Value> values) override;
  // As one statement.
  void send_rows(const Rows& rows) override;
  void send_late(std::string_view, std::string_view sql, std::span<const Value> values) override {
    send(sql, values);
  }
  void tell_others(std::string_view origin, std::string_view channel, std::string_view text) override;
  void settle() override { receive(); }

 private:
  using Handle = std::unique_ptr<PGconn, Freed<PQfinish>>;
  using Result = std::unique_ptr<PGresult, Freed<PQclear>>;
  struct Statement {
    std::string key;   // SQL and the types of its parameters
    std::string name;  // on the server
  };
  // What was sent and not yet answered.
  struct Sent {
    enum class Kind { prepare, execute, synchronize } kind;
    std::string text;  // a prepared statement's key; the SQL of one that is executed
  };

  void connect();
  void send(std::string_view sql, const Parameters& parameters);
  void execute_now(const std::string& sql);
  const Statement& prepared(std::string_view sql, const Parameters& parameters);
  void evict_oldest();
  void require_sent(int done);
  void synchronize();
  // That of COMMIT.
  Result receive_end();
  // The last statement's result. Throws the first error of all that was sent.
  Result receive();
  void take_answer(const Sent& sent, Result& last, std::optional<Error>& failure);
  [[noreturn]] void fail_lost();

  const DatabaseOptions options_;
  const Mode mode_;
  Handle handle_;
  bool in_transaction_ = false;
  std::vector<Sent> sent_;
  std::list<Statement> statements_;  // the last used first
  std::unordered_map<std::string_view, std::list<Statement>::iterator> by_key_;
  std::int64_t names_given_ = 0;
};

}  // namespace meridian::storage::postgres
