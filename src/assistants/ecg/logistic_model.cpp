#include "assistants/ecg/logistic_model.h"

#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "base/file.h"
#include "base/resource.h"

namespace meridian::assistants::ecg {
namespace {

// Beyond what the training set held, a feature says no more.
constexpr double kFarthest = 4;  // standard deviations

}  // namespace

LogisticModel LogisticModel::load(const std::string& file, std::span<const std::string_view> features) {
  return parse(Json::parse(read_file(resource("models/" + file))), features, file);
}

LogisticModel LogisticModel::parse(const Json& json, std::span<const std::string_view> features,
                                   const std::string& file) {
  const Json::Array& terms = json.get("terms").items();
  LogisticModel model;
  model.intercept_ = json.get("intercept").as_double();
  for (std::size_t i = 0; i < terms.size(); ++i) {
    if (terms.size() != features.size() || terms[i].text("feature") != features[i])
      throw Error(ErrorCode::invalid_configuration, "The model was made for other features", file,
                  "Make it again with the scripts of training/ecg");
    model.terms_.push_back({terms[i].get("mean").as_double(), terms[i].get("deviation").as_double(),
                            terms[i].get("weight").as_double(), terms[i].get("square_weight").as_double()});
  }
  return model;
}

double LogisticModel::probability(std::span<const double> features) const {
  double logit = intercept_;
  for (std::size_t i = 0; i < terms_.size(); ++i) {
    const Term& term = terms_[i];
    const double z = std::clamp((features[i] - term.mean) / term.deviation, -kFarthest, kFarthest);
    logit += term.weight * z + term.square_weight * z * z;
  }
  return 1 / (1 + std::exp(-logit));
}

}  // namespace meridian::assistants::ecg
