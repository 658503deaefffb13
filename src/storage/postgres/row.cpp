#include "storage/postgres/row.h"

#include <bit>
#include <cstring>

#include "base/error.h"

namespace meridian::storage::postgres {
namespace {

// Of PostgreSQL's catalog pg_type.
constexpr Oid kBool = 16, kBytea = 17, kInt8 = 20, kInt2 = 21, kInt4 = 23, kText = 25, kFloat8 = 701;
constexpr Oid kTextArray = 1009, kInt8Array = 1016, kFloat8Array = 1022;
constexpr int kBinary = 1;

// Most significant byte first.
std::array<char, 8> bytes_of(std::uint64_t number) {
  std::array<char, 8> bytes{};
  for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<char>(number >> (56 - 8 * i));
  return bytes;
}

std::uint64_t number_of(std::string_view bytes) {
  std::uint64_t number = 0;
  for (const char byte : bytes) number = number << 8 | static_cast<unsigned char>(byte);
  return number;
}

void append_integer(std::string& bytes, std::size_t value) {
  for (int shift = 24; shift >= 0; shift -= 8) bytes += static_cast<char>(value >> shift);
}

void append_item(std::string& bytes, std::string_view item) {
  append_integer(bytes, item.size());
  bytes += item;
}

void append_number(std::string& bytes, std::uint64_t number) {
  const std::array<char, 8> item = bytes_of(number);
  append_item(bytes, {item.data(), item.size()});
}

// An item of an array: its length, -1 for null, and its bytes.
void append_value(std::string& bytes, ColumnKind kind, const Value& value) {
  if (std::holds_alternative<std::nullptr_t>(value)) return append_integer(bytes, 0xFFFFFFFF);
  switch (kind) {
    case ColumnKind::integer:
      return append_number(bytes, static_cast<std::uint64_t>(std::get<std::int64_t>(value)));
    case ColumnKind::real:
      return append_number(bytes, std::bit_cast<std::uint64_t>(std::get<double>(value)));
    case ColumnKind::text:
      return append_item(bytes, std::get<std::string_view>(value));
  }
}

struct ArrayType {
  Oid array, item;
};
ArrayType array_of(ColumnKind kind) {
  switch (kind) {
    case ColumnKind::integer:
      return {kInt8Array, kInt8};
    case ColumnKind::real:
      return {kFloat8Array, kFloat8};
    case ColumnKind::text:
      break;
  }
  return {kTextArray, kText};
}

}  // namespace

Parameters::Parameters(const Rows& rows) {
  arrays_.reserve(rows.columns.size());
  formats_.assign(rows.columns.size(), kBinary);
  for (std::size_t column = 0; column < rows.columns.size(); ++column) add_array(rows, column);
}

// One dimension, counted from 1 (array_recv of PostgreSQL).
void Parameters::add_array(const Rows& rows, std::size_t column) {
  const ArrayType type = array_of(rows.columns[column]);
  std::string& bytes = arrays_.emplace_back();
  append_integer(bytes, 1);
  append_integer(bytes, 1);  // some may be null
  append_integer(bytes, type.item);
  append_integer(bytes, rows.values.size() / rows.columns.size());
  append_integer(bytes, 1);
  for (std::size_t i = column; i < rows.values.size(); i += rows.columns.size())
    append_value(bytes, rows.columns[column], rows.values[i]);
  add(type.array, bytes.data(), bytes.size());
}

Parameters::Parameters(std::span<const Value> values) {
  types_.reserve(values.size());
  numbers_.reserve(values.size());
  pointers_.reserve(values.size());
  lengths_.reserve(values.size());
  formats_.assign(values.size(), kBinary);
  for (const Value& value : values) std::visit([this](const auto& one) { add(one); }, value);
}

void Parameters::add(std::nullptr_t) {
  add(0, nullptr, 0);
}
void Parameters::add(std::int64_t value) {
  numbers_.push_back(bytes_of(static_cast<std::uint64_t>(value)));
  add(kInt8, numbers_.back().data(), numbers_.back().size());
}
void Parameters::add(double value) {
  numbers_.push_back(bytes_of(std::bit_cast<std::uint64_t>(value)));
  add(kFloat8, numbers_.back().data(), numbers_.back().size());
}
void Parameters::add(std::string_view value) {
  add(kText, value.data() ? value.data() : "", value.size());
}
void Parameters::add(Blob value) {
  add(kBytea, value.bytes.data() ? value.bytes.data() : "", value.bytes.size());
}
void Parameters::add(Oid type, const char* bytes, std::size_t size) {
  types_.push_back(type);
  pointers_.push_back(bytes);
  lengths_.push_back(static_cast<int>(size));
}

std::string_view PostgresRow::text(int column) const {
  return {PQgetvalue(&result_, row_, column), static_cast<std::size_t>(PQgetlength(&result_, row_, column))};
}

std::int64_t PostgresRow::integer(int column) const {
  if (is_null(column)) return 0;
  const std::uint64_t number = number_of(text(column));
  switch (PQftype(&result_, column)) {
    case kInt8:
    case kBool:
      return static_cast<std::int64_t>(number);
    case kInt4:
      return static_cast<std::int32_t>(number);
    case kInt2:
      return static_cast<std::int16_t>(number);
    case kFloat8:
      return static_cast<std::int64_t>(std::bit_cast<double>(number));
    default:
      throw Error(ErrorCode::internal,
                  std::string("The column ") + PQfname(&result_, column) + " is no number");
  }
}

double PostgresRow::real(int column) const {
  if (is_null(column)) return 0;
  if (PQftype(&result_, column) == kFloat8) return std::bit_cast<double>(number_of(text(column)));
  return static_cast<double>(integer(column));
}

}  // namespace meridian::storage::postgres
