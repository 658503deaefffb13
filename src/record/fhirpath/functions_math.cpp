// Mathematics: abs, round, sqrt, power ...; sum, min, max, avg; today, now, timeOfDay.
#include <cmath>

#include "record/fhirpath/evaluation.h"
#include "record/fhirpath/function_tables.h"
#include "record/fhirpath/operators.h"

namespace meridian::record::fhirpath {
namespace {

std::optional<Decimal> number_of(const Collection& input, const std::string& what) {
  const Item* item = only_item(input, what);
  if (!item) return std::nullopt;
  const auto value = as_decimal(*item);
  if (!value) evaluation_error(what + " must be a number");
  return value;
}

Collection whole(const std::optional<Decimal>& value) {
  if (!value || value->digits() > INT64_MAX || value->digits() < INT64_MIN) return {};
  return one(static_cast<std::int64_t>(value->digits()));
}

Collection abs(Evaluation&, const Collection& input, const Expression& call) {
  const Item* item = only_item(input, "The input of abs");
  if (item)
    if (auto quantity = as_quantity(*item)) {
      if (quantity->value.is_negative()) quantity->value = quantity->value.negated();
      return one(std::make_shared<const Quantity>(*quantity));
    }
  const auto value = number_of(input, "The input of " + call.name);
  if (!value) return {};
  const Decimal positive = value->is_negative() ? value->negated() : *value;
  return as_integer(*item) ? whole(positive) : one(positive);
}

Collection ceiling(Evaluation&, const Collection& input, const Expression&) {
  const auto value = number_of(input, "The input of ceiling");
  return value ? whole(value->ceiled(0)) : Collection();
}

Collection floor(Evaluation&, const Collection& input, const Expression&) {
  const auto value = number_of(input, "The input of floor");
  return value ? whole(value->floored(0)) : Collection();
}

Collection truncate(Evaluation&, const Collection& input, const Expression&) {
  const auto value = number_of(input, "The input of truncate");
  return value ? whole(value->truncated()) : Collection();
}

Collection round(Evaluation& evaluation, const Collection& input, const Expression& call) {
  const auto value = number_of(input, "The input of round");
  if (!value) return {};
  const auto places = evaluation.integer_argument(call, 0).value_or(0);
  if (places < 0 || places > Decimal::kMostDigits)
    evaluation_error("round takes a number of places from 0 to 36");
  return maybe(value->rounded(static_cast<int>(places)));
}

template <double (*Function)(double)>
Collection real(Evaluation&, const Collection& input, const Expression& call) {
  const auto value = number_of(input, "The input of " + call.name);
  return value ? maybe(Decimal::from_double(Function(value->to_double()))) : Collection();
}

Collection log(Evaluation& evaluation, const Collection& input, const Expression& call) {
  const auto value = number_of(input, "The input of log");
  const auto base = number_of(evaluation.evaluate(call.operands[0]), "The base of log");
  if (!value || !base) return {};
  return maybe(Decimal::from_double(std::log(value->to_double()) / std::log(base->to_double()), 14));
}

Collection power(Evaluation& evaluation, const Collection& input, const Expression& call) {
  const auto base = number_of(input, "The input of power");
  const Collection argument = evaluation.evaluate(call.operands[0]);
  const auto exponent = number_of(argument, "The exponent of power");
  if (!base || !exponent) return {};
  const auto result = Decimal::from_double(std::pow(base->to_double(), exponent->to_double()));
  const bool integers = as_integer(input[0]) && as_integer(argument[0]) && !exponent->is_negative();
  return integers && result && result->scale() == 0 ? whole(result) : maybe(result);
}

Collection sum(Evaluation&, const Collection& input, const Expression&) {
  if (input.empty()) return one(std::int64_t{0});
  Collection total = one(input[0]);
  for (std::size_t i = 1; i < input.size(); ++i) total = calculate(Operator::add, total, one(input[i]));
  return total;
}

template <bool Least>
Collection extreme(Evaluation&, const Collection& input, const Expression&) {
  if (input.empty()) return {};
  const Item* best = &input[0];
  for (const Item& item : input) {
    const auto order = compare(item, *best);
    if (!order) return {};
    if (Least ? *order < 0 : *order > 0) best = &item;
  }
  return one(*best);
}

Collection avg(Evaluation& evaluation, const Collection& input, const Expression& call) {
  if (input.empty()) return {};
  return calculate(Operator::divide, sum(evaluation, input, call),
                   one(static_cast<std::int64_t>(input.size())));
}

Temporal moment_now(const Evaluation& evaluation) {
  const std::string text = format_instant(evaluation.environment().now);
  return *Temporal::parse_date_time(text);
}

Collection now_moment(Evaluation& evaluation, const Collection&, const Expression&) {
  return one(moment_now(evaluation));
}

Collection today(Evaluation& evaluation, const Collection&, const Expression&) {
  return one(moment_now(evaluation).as_date());
}

Collection time_of_day(Evaluation& evaluation, const Collection&, const Expression&) {
  Temporal moment = moment_now(evaluation);
  moment.kind = Temporal::Kind::time;
  moment.has_zone = false;
  return one(moment);
}

constexpr Function kFunctions[] = {
    {"abs", 0, 0, abs},
    {"ceiling", 0, 0, ceiling},
    {"floor", 0, 0, floor},
    {"truncate", 0, 0, truncate},
    {"round", 0, 1, round},
    {"exp", 0, 0, real<std::exp>},
    {"ln", 0, 0, real<std::log>},
    {"sqrt", 0, 0, real<std::sqrt>},
    {"log", 1, 1, log},
    {"power", 1, 1, power},
    {"sum", 0, 0, sum},
    {"min", 0, 0, extreme<true>},
    {"max", 0, 0, extreme<false>},
    {"avg", 0, 0, avg},
    {"now", 0, 0, now_moment},
    {"today", 0, 0, today},
    {"timeOfDay", 0, 0, time_of_day},
};

}  // namespace

std::span<const Function> math_functions() {
  return kFunctions;
}

}  // namespace meridian::record::fhirpath
