// The values of a data set's top level, read where they lie.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "archive/scan.h"

namespace meridian::archive {

class Elements {
 public:
  // The bytes must outlive this. Elements whose value lies beyond them are absent.
  Elements(std::string_view dataset, const TransferSyntax& syntax, Scan scan);

  bool contains(std::uint32_t tag) const { return find(tag) != nullptr; }
  // The value as it lies; empty when the element is absent.
  std::string_view bytes(std::uint32_t tag) const;
  // Text without its padding, in the data set's own character set; all values, with backslashes between them.
  std::string_view raw_text(std::uint32_t tag) const;
  // The same as UTF-8; of a person's name in all its component groups. What cannot be converted is replaced;
  // is_exact, when given, says whether nothing was.
  std::string text(std::uint32_t tag, bool* is_exact = nullptr) const;
  // A UID, code or integer string: its first value.
  std::string first(std::uint32_t tag) const;
  // The first value of an attribute of VR US or SS, and of one of VR IS; nothing when there is none or it is
  // no number.
  std::optional<int> short_number(std::uint32_t tag) const;
  std::optional<int> integer_string(std::uint32_t tag) const;

  const Scan& scan() const { return scan_; }

 private:
  const ElementPlace* find(std::uint32_t tag) const;

  std::string_view dataset_;
  bool big_endian_;
  Scan scan_;
  std::string character_sets_;
};

}  // namespace meridian::archive
