// Values on their way to PostgreSQL and back, in its binary form.
#pragma once
#include <libpq-fe.h>

#include <array>
#include <span>
#include <string>
#include <vector>

#include "storage/rows.h"

namespace meridian::storage::postgres {

// The parameters of one statement, as libpq wants them.
class Parameters {
 public:
  explicit Parameters(std::span<const Value> values);
  // An array for each column.
  explicit Parameters(const Rows& rows);
  int size() const { return static_cast<int>(types_.size()); }
  const Oid* types() const { return types_.data(); }
  const char* const* values() const { return pointers_.data(); }
  const int* lengths() const { return lengths_.data(); }
  const int* formats() const { return formats_.data(); }

 private:
  void add_array(const Rows& rows, std::size_t column);
  void add(std::nullptr_t);
  void add(std::int64_t value);
  void add(double value);
  void add(std::string_view value);
  void add(Blob value);
  void add(Oid type, const char* bytes, std::size_t size);

  std::vector<Oid> types_;
  std::vector<std::array<char, 8>> numbers_;  // to which pointers_ points: it never grows beyond its capacity
  std::vector<std::string> arrays_;           // likewise
  std::vector<const char*> pointers_;
  std::vector<int> lengths_, formats_;
};

// A row of a result in binary form.
class PostgresRow : public Row {
 public:
  PostgresRow(const PGresult& result, int row) : result_(result), row_(row) {}
  bool is_null(int column) const override { return PQgetisnull(&result_, row_, column); }
  std::int64_t integer(int column) const override;
  double real(int column) const override;
  std::string_view text(int column) const override;

 private:
  const PGresult& result_;
  int row_;
};

}  // namespace meridian::storage::postgres
