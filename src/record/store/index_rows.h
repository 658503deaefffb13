// The rows of the index tables that a resource gives: made before the transaction, written within it
// (index_batch.h). Their fields: stored_fields.h.
#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "record/search/extraction.h"
#include "record/search/written_words.h"
#include "storage/database.h"

namespace meridian::record {

// 64 bits of the SHA-256 of a code system's URI; 0 for none.
std::int64_t hash_of_system(std::string_view system);
// What stands for the system of a quantity in UCUM base units.
inline constexpr std::int64_t kCanonicalUnits = -1;
// What stands for the system of a token that is a string: its code is in lower case.
inline constexpr std::int64_t kAnyCase = -2;
// Sorted by field: for equal rows once.
struct IndexRows {
  struct String {
    std::int64_t field;
    std::string folded, exact;
    auto operator<=>(const String&) const = default;
  };
  struct Token {
    std::int64_t field;
    std::string code;
    std::int64_t system;
    auto operator<=>(const Token&) const = default;
  };
  struct Reference {
    std::int64_t field;
    std::string target_id,
        target_type;  // an absolute URL: all of it, and an empty type
    auto operator<=>(const Reference&) const = default;
  };
  struct Date {
    std::int64_t field, low, high;
    auto operator<=>(const Date&) const = default;
  };
  // Finite: where nothing is known on one side, as far as a double reaches.
  struct Number {
    std::int64_t field;
    double low, high;
    auto operator<=>(const Number&) const = default;
  };
  struct Quantity {
    std::int64_t field;
    std::string code;
    std::int64_t system;
    double low, high;
    auto operator<=>(const Quantity&) const = default;
  };
  struct Uri {
    std::int64_t field;
    std::string uri;
    auto operator<=>(const Uri&) const = default;
  };
  // The first component is a token or reference; the second any; the third a number. Of a place: latitude and
  // longitude, as the second and third.
  struct Composite {
    std::int64_t field;
    std::string code1;
    std::int64_t system1;
    std::string code2;
    std::int64_t system2;
    std::optional<double> low2, high2, low3, high3;
  };

  std::vector<String> strings;
  std::vector<Token> tokens;
  std::vector<Reference> references;
  std::vector<Date> dates;
  std::vector<Number> numbers;
  std::vector<Quantity> quantities;
  std::vector<Uri> uris;
  std::vector<Composite> composites;
  WrittenWords words;
};

// The type and id, or the URL and an empty type, of what a reference points to; URLs below base_url are this
// node's.
struct ReferenceTarget {
  std::string type, id;
};
ReferenceTarget target_of(const ReferenceKey& key, std::string_view base_url);

// entries: those of the resource, which has passed validation.
IndexRows index_rows_of(const Json& resource, std::span<const IndexEntry> entries, std::string_view base_url);
// A text as the index tables keep it and searches compare it: its first 1,000 bytes, whole characters. The
// key of a row in PostgreSQL's trees has at most 2,704.
std::string indexed_text(std::string text);
// body: of the version that the rows were made from; empty when it was deleted.
void erase_index_rows(storage::Transaction& transaction, std::int64_t resource, const std::string& body);

}  // namespace meridian::record
