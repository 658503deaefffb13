#include "record/query/compartment.h"

#include <algorithm>
#include <vector>

#include "base/error.h"
#include "record/query/search_request.h"
#include "record/store/prepared.h"

namespace meridian::record {
namespace {

constexpr std::string_view kItself = "{def}";  // the resource that the compartment is of

}  // namespace

SearchAddress parse_address(const std::string& text) {
  const auto first = text.find('/');
  const auto second = first == std::string::npos ? first : text.find('/', first + 1);
  if (second == std::string::npos) {
    if (!text.empty()) require_type(text);
    return {text, {}, {}};
  }
  SearchAddress address{text.substr(second + 1), text.substr(0, first),
                        text.substr(first + 1, second - first - 1)};
  require_valid_id(address.id);
  const bool whole = address.type == "*";
  if (whole) address.type.clear();
  const bool known =
      whole ? std::ranges::any_of(resource_types(),
                                  [&](std::string_view type) { return is_in_compartment(address, type); })
            : is_in_compartment(address, address.type);
  if (!known)
    throw Error(ErrorCode::not_found, "There is no " + text.substr(second + 1, 80) +
                                          " in the compartment of a " + address.compartment.substr(0, 80));
  return address;
}

bool is_in_compartment(const SearchAddress& address, std::string_view type) {
  return !compartment_parameters(address.compartment, type).empty();
}

Criterion compartment_criterion(const SearchAddress& address, std::string_view type,
                                const CriterionContext& context) {
  std::vector<Sql> checks, selects;
  bool can_find = true, by_key = true;
  for (const std::string_view parameter : compartment_parameters(address.compartment, type)) {
    Criterion one = parameter == kItself
                        ? criterion_of(type, "_id", address.id, context)
                        : criterion_of(type, parameter, address.compartment + "/" + address.id, context);
    can_find = can_find && one.can_find();
    by_key = by_key && one.by_key;
    checks.push_back(std::move(one.checking));
    selects.push_back(std::move(one.finding));
  }
  return {.checking = Sql::any_of(checks),
          .finding = can_find ? Sql::all_rows_of(selects) : Sql(),
          .by_key = by_key};
}

}  // namespace meridian::record
