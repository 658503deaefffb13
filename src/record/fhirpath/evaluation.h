// One evaluation of an expression: what the functions share.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "base/error.h"
#include "record/fhirpath/engine.h"

namespace meridian::record::fhirpath {

[[noreturn]] inline void evaluation_error(const std::string& what) {
  throw Error(ErrorCode::invalid_value, what);
}

inline constexpr std::size_t kBytesPerStep = 16;  // of texts

class Evaluation {
 public:
  Evaluation(const Environment& environment, const Collection& context)
      : environment_(environment),
        context_(context),
        focus_(&context),
        steps_(environment.steps),
        depth_(environment.shared ? environment.shared->depth : 0) {}

  const Environment& environment() const { return environment_; }
  const Collection& context() const { return context_; }
  // Of an argument, on $this.
  Collection evaluate(const Expression& expression) { return evaluate(expression, *focus_); }
  Collection evaluate(const Expression& expression, const Collection& input);
  // With $this and $index set; total, when given, is $total.
  Collection evaluate_for(const Expression& expression, const Item& item, std::size_t index,
                          const Collection* total = nullptr);
  // With $this set to all of the input.
  Collection evaluate_on(const Expression& expression, const Collection& input);
  // Counts work; throws too_large when there is too much of it.
  void spend(std::size_t steps);
  // Asks the environment what it may evaluate more for, which begins at the depth where this one is.
  template <class Question>
  auto ask(Question question) const {
    const Deeper deeper(environment_.shared, depth_);
    return question();
  }

  // The argument's single value; nothing when it is empty or missing. Throws invalid_value for more or
  // another type.
  std::optional<std::string> text_argument(const Expression& call, std::size_t index);
  std::optional<std::int64_t> integer_argument(const Expression& call, std::size_t index);

 private:
  struct Deeper {
    Deeper(Budget* of_all, int depth) : budget(of_all), before(budget ? budget->depth : 0) {
      if (budget) budget->depth = depth;
    }
    ~Deeper() {
      if (budget) budget->depth = before;
    }
    Deeper(const Deeper&) = delete;
    Deeper& operator=(const Deeper&) = delete;
    Budget* const budget;
    const int before;
  };

  Collection member(const Expression& expression, const Collection& input);
  Collection path(const Expression& expression, const Collection& input);
  Collection variable(const std::string& name);
  Collection item_at(const Expression& expression, const Collection& input);
  Collection signed_value(const Expression& expression, const Collection& input);
  Collection operation(const Expression& expression, const Collection& input);
  Collection logic(const Expression& expression, const Collection& input);

  const Environment& environment_;
  const Collection& context_;
  const Collection* focus_;  // $this
  std::size_t index_ = 0;
  const Collection* total_ = nullptr;
  std::size_t steps_;
  int depth_;
};

// The only item, or a null pointer; throws invalid_value, naming what, when there are more.
const Item* only_item(const Collection& collection, std::string_view what);
inline Collection one(Item item) {
  Collection collection;
  collection.push_back(std::move(item));
  return collection;
}
// Empty for nothing.
template <typename Value>
Collection maybe(std::optional<Value> value) {
  return value ? one(Item(std::move(*value))) : Collection();
}

}  // namespace meridian::record::fhirpath
