#include "assistants/imaging/classification.h"

#include <algorithm>

namespace meridian::assistants::imaging {
namespace {

class Classification {
 public:
  Classification(const Description& network, const Network::Outputs& outputs,
                 const vision::Prepared& prepared, const Size& whole)
      : network_(network), outputs_(outputs), prepared_(prepared), whole_(whole) {}

  std::vector<engine::Finding> findings() const {
    std::vector<engine::Finding> all;
    for (std::size_t i = 0; i < network_.classes.size(); ++i)
      if (is_told(i)) all.push_back(finding(i));
    if (all.empty()) add_nothing_found(all);
    std::ranges::stable_sort(all, std::greater<>(), [](const engine::Finding& one) { return one.positive; });
    return all;
  }

 private:
  double probability(std::size_t i) const { return outputs_.probabilities->values.at(i); }

  std::size_t likeliest() const {
    const auto& values = outputs_.probabilities->values;
    return static_cast<std::size_t>(std::ranges::max_element(values) - values.begin());
  }

  bool reaches_threshold(std::size_t i) const {
    const Class& one = network_.classes[i];
    return one.threshold && probability(i) >= *one.threshold;
  }

  // Of classes that exclude each other, one that reaches its threshold goes before the likeliest.
  bool is_likeliest(std::size_t i) const {
    if (network_.classes[i].threshold || !network_.exclusive || likeliest() != i) return false;
    for (std::size_t k = 0; k < network_.classes.size(); ++k)
      if (reaches_threshold(k)) return false;
    return true;
  }

  bool is_present(std::size_t i) const { return reaches_threshold(i) || is_likeliest(i); }

  // A class with a threshold is told either way, another only when it is there.
  bool is_told(std::size_t i) const {
    const Class& one = network_.classes[i];
    return one.code && (one.threshold || is_present(i));
  }

  engine::Finding finding(std::size_t i) const {
    const Class& one = network_.classes[i];
    engine::Finding finding;
    finding.code = *one.code;
    finding.probability = probability(i);
    finding.threshold = one.threshold;
    finding.positive = is_present(i);
    finding.urgency = finding.positive ? engine::Urgency::routine : engine::Urgency::none;
    finding.text = finding.positive ? engine::LocalizedText{one.text.en + ".", one.text.zh + "。"}
                                    : engine::LocalizedText{"Not found: " + one.text.en + ".",
                                                            "未见：" + one.text.zh + "。"};
    finding.evidence = Json::object({});
    if (finding.positive)
      finding.evidence["heat_map"] = heat_map(*outputs_.places, i, network_, prepared_, whole_);
    return finding;
  }

  // None of the classes that would be findings is there: said of the first of them.
  void add_nothing_found(std::vector<engine::Finding>& all) const {
    const auto first =
        std::ranges::find_if(network_.classes, [](const Class& one) { return one.code.has_value(); });
    if (first == network_.classes.end()) return;
    all.push_back(finding(static_cast<std::size_t>(first - network_.classes.begin())));
    const Class& seen = network_.classes[likeliest()];
    all.back().text = {seen.text.en + ".", seen.text.zh + "。"};
  }

  const Description& network_;
  const Network::Outputs& outputs_;
  const vision::Prepared& prepared_;
  const Size& whole_;
};

}  // namespace

void add_classes(engine::Reading& reading, const Description& network, const Network::Outputs& outputs,
                 const vision::Prepared& prepared, const Size& whole) {
  for (std::size_t i = 0; i < network.classes.size(); ++i)
    reading.classes.push_back(
        {network.classes[i].name, network.classes[i].text, outputs.probabilities->values.at(i)});
  for (engine::Finding& finding : Classification(network, outputs, prepared, whole).findings())
    reading.findings.push_back(std::move(finding));
}

}  // namespace meridian::assistants::imaging
