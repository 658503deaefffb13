#include "assistants/ecg/fibrillation_model.h"

#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "base/file.h"
#include "base/json.h"
#include "base/resource.h"

namespace meridian::assistants::ecg {
namespace {

// Beyond what the training set held, a feature says no more.
constexpr double kFarthest = 4;  // standard deviations

}  // namespace

FibrillationModel FibrillationModel::load(const std::string& file) {
  const Json json = Json::parse(read_file(resource("models/" + file)));
  const auto names = signal::fibrillation_feature_names();
  const Json::Array& terms = json.get("terms").items();
  FibrillationModel model;
  model.intercept_ = json.get("intercept").as_double();
  for (std::size_t i = 0; i < terms.size(); ++i) {
    if (terms.size() != names.size() || terms[i].text("feature") != names[i])
      throw Error(ErrorCode::invalid_configuration, "The model was made for other features", file,
                  "Make it again with training/ecg/fit_fibrillation.py");
    model.terms_.push_back({terms[i].get("mean").as_double(), terms[i].get("deviation").as_double(),
                            terms[i].get("weight").as_double(), terms[i].get("square_weight").as_double()});
  }
  return model;
}

double FibrillationModel::probability(const signal::FibrillationFeatures& features) const {
  double logit = intercept_;
  for (std::size_t i = 0; i < terms_.size(); ++i) {
    const Term& term = terms_[i];
    const double z = std::clamp((features[i] - term.mean) / term.deviation, -kFarthest, kFarthest);
    logit += term.weight * z + term.square_weight * z * z;
  }
  return 1 / (1 + std::exp(-logit));
}

}  // namespace meridian::assistants::ecg
