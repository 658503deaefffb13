// A FHIRPath expression: parsed once, evaluated often, from many threads.
#pragma once
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "record/fhirpath/value.h"

namespace meridian::record::fhirpath {

struct Function;

enum class Operator : std::uint8_t {
  implies,
  logical_or,
  logical_xor,
  logical_and,
  in,
  contains,
  equal,
  equivalent,
  not_equal,
  not_equivalent,
  less,
  less_or_equal,
  greater,
  greater_or_equal,
  unite,
  is,
  as,
  add,
  subtract,
  concatenate,
  multiply,
  divide,
  divide_whole,
  remainder
};

// A node of the syntax tree.
struct Expression {
  enum class Kind : std::uint8_t {
    literal,  // value; empty collection when there is none
    member,   // name, of the input
    call,     // function with the operands as arguments, on the input
    this_item,
    index,
    total,
    variable,  // %name
    path,      // operands one after the other, each on the result of the one before
    item_at,   // operands[0] is the index, on the input
    negative,  // of operands[0]
    positive,
    operation  // of operands[0] and operands[1]; is and as have the type's name in `name`
  };
  Kind kind = Kind::literal;
  Operator op = Operator::equal;
  std::string name;
  Collection value;
  const Function* function = nullptr;
  std::vector<Expression> operands;
};

// Throws invalid_syntax that tells the place; also for an unknown function, a wrong number of arguments, an
// expression of more than 64 KiB or deeper than 200 levels.
Expression parse(std::string_view text);

// "FHIR.Patient", "code": the name that an expression of members spells; empty when it is something else.
std::string qualified_name(const Expression& expression);

}  // namespace meridian::record::fhirpath
