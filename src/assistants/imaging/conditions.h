// The conditions on facts under which a row of the table of what follows holds: "hpv=positive; age<25".
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "engine/assistant.h"
#include "engine/case_facts.h"

namespace meridian::assistants::imaging {

enum class Truth { no, unknown, yes };

class Condition {
 public:
  // Throws corrupted for what is no condition, not_found for a fact that there is not.
  static std::vector<Condition> parse_all(const std::string& text);

  Truth holds(const engine::Input& input, const engine::Reading& reading) const;
  const engine::CaseFact& fact() const { return *fact_; }
  // What it compares with, and the fact's number, where they are numbers.
  std::optional<double> limit() const { return limit_; }
  std::optional<double> number(const engine::Input& input, const engine::Reading& reading) const;

 private:
  explicit Condition(const std::string& text);

  const engine::CaseFact* fact_ = nullptr;
  std::string relation_, value_;
  std::optional<double> limit_;
};

// Those of the fact, or of the parts of which it is one, that a person can be asked for and that are not
// known.
std::vector<const engine::CaseFact*> unknown_parts(const engine::CaseFact& fact, const engine::Input& input);

}  // namespace meridian::assistants::imaging
