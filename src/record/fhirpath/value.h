// What FHIRPath expressions compute with: elements of resources, and System values.
#pragma once
#include <boost/container/small_vector.hpp>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "base/json.h"
#include "record/definitions/model.h"
#include "record/values/decimal.h"
#include "record/values/temporal.h"

namespace meridian::record::fhirpath {

// An element of a resource: what it is, and where its JSON is.
struct Element {
  const Json* value = nullptr;  // null pointer for a primitive that has only extensions
  const Json* companion =
      nullptr;  // of a primitive: its "_name" object with id and extensions, or a null pointer
  const TypeDefinition* type = nullptr;
  friend bool operator==(const Element&, const Element&) = default;
};

struct Quantity {
  Decimal value;
  std::string unit;       // UCUM code, or a calendar unit in the singular: "year"
  bool calendar = false;  // a calendar duration, written without quotation marks
};

struct TypeName {
  std::string space, name;  // "System", "FHIR"
  friend bool operator==(const TypeName&, const TypeName&) = default;
};

using QuantityPointer = std::shared_ptr<const Quantity>;
using TypeNamePointer = std::shared_ptr<const TypeName>;
using Item = std::variant<Element, bool, std::int64_t, Decimal, std::string, Temporal, QuantityPointer,
                          TypeNamePointer>;
using Collection = boost::container::small_vector<Item, 1>;

// The System value of a primitive element, or of a FHIR Quantity; other items as they are. A primitive
// without value gives nothing, and so does one whose text is not of its type.
std::optional<Item> system_value(const Item& item);
// Text of a string, or of an element of a string-like type; nothing for others. Valid as long as the item.
std::optional<std::string_view> as_text(const Item& item);
std::optional<bool> as_boolean(const Item& item);
std::optional<std::int64_t> as_integer(const Item& item);
std::optional<Decimal> as_decimal(const Item& item);  // also of integers
std::optional<Temporal> as_temporal(const Item& item);
std::optional<Quantity> as_quantity(const Item& item);

TypeName type_of(const Item& item);
// What toString() gives; nothing for what has no text.
std::optional<std::string> text_of(const Item& item);
// Whether a primitive element has a value, or the item is a System value.
bool has_value(const Item& item);

}  // namespace meridian::record::fhirpath
