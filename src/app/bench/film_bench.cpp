#include "app/bench/film_bench.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <functional>

#include "app/bench/figures.h"
#include "app/data/labelled_pictures.h"
#include "assistants/chest_xray/assistant.h"
#include "base/error.h"
#include "base/file.h"
#include "vision/disturbance.h"
#include "vision/metrics.h"
#include "vision/operations.h"
#include "vision/picture.h"

namespace meridian::app {
namespace {

using Change = std::function<vision::GreyImage(const vision::GreyImage&)>;

const PictureSet kTuberculosis{"shenzhen_tb", "image", "case", "label"};
// Films of children, which look like what it reads but are outside its intended age.
const PictureSet kChildren{"kermany_cxr_224", "image", "patient_id", ""};
// Pictures that are no chest film; the key is what training/chest_xray/films.py splits by.
const std::array<PictureSet, 10> kNoChestFilms{{{"fracture_xray", "image", "image", ""},
                                                {"chest_ct_cancer", "image", "near_dup_group", ""},
                                                {"brain_stroke_ct", "file", "patient", ""},
                                                {"head_ct_hemorrhage", "file", "file", ""},
                                                {"odir_dr", "image", "patient", ""},
                                                {"busi", "file", "file", ""},
                                                {"mini_mias", "file", "file", ""},
                                                {"herlev_cervix", "image", "field_prefix", ""},
                                                {"cvc_clinicdb", "image", "sequence", ""},
                                                {"tonguexpert", "image", "sid", ""}}};

vision::GreyImage unchanged(const vision::GreyImage& film) {
  return film;
}

std::vector<std::string> read_all(const std::vector<LabelledPicture>& pictures) {
  std::vector<std::string> all;
  for (const LabelledPicture& picture : pictures) all.push_back(read_file(picture.file));
  return all;
}

// What one reading of the test part gave.
struct Scores {
  std::vector<double> positives, negatives;  // probabilities of films with and without tuberculosis
  int analysed = 0, total = 0;
  double threshold = 0;
  std::vector<double> seconds;  // of each film, from its bytes to the findings

  void take(const engine::Reading& reading, bool tuberculosis) {
    ++total;
    if (reading.refused) return;
    ++analysed;
    const engine::Finding& finding = reading.findings.at(0);
    threshold = finding.threshold.value_or(0.5);
    (tuberculosis ? positives : negatives).push_back(finding.probability.value_or(0.5));
  }
};

class FilmBench {
 public:
  FilmBench(const BenchOptions& options)
      : data_(options.data), figures_("film"), assistant_(assistants::chest_xray::make_assistant()) {}

  void measure() {
    const std::vector<LabelledPicture> films = test_part(data_, kTuberculosis);
    const std::vector<std::string> bytes = read_all(films);
    read(bytes.at(0), unchanged);  // loads the models
    report_whole(score(films, bytes, unchanged));
    for (const auto& [name, change] : vision::disturbances()) {
      const Scores scores = score(films, bytes, change);
      figures_.add_measured("AUC, " + name, vision::roc_auc(scores.positives, scores.negatives),
                            scores.positives.size() + scores.negatives.size());
    }
    measure_refusals(bytes);
  }

  void print(bool json) const { figures_.print(json); }

 private:
  engine::Reading read(const std::string& bytes, const Change& change) const {
    engine::Input input;
    input.image = change(vision::decode_picture(bytes).grey);
    return assistant_->run(input);
  }

  Scores score(const std::vector<LabelledPicture>& films, const std::vector<std::string>& bytes,
               const Change& change) const {
    Scores scores;
    for (std::size_t i = 0; i < films.size(); ++i) {
      const auto start = std::chrono::steady_clock::now();
      const engine::Reading reading = read(bytes[i], change);
      const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - start;
      scores.seconds.push_back(taken.count());
      scores.take(reading, films[i].label == "tb");
    }
    return scores;
  }

  void report_whole(const Scores& scores) {
    const auto above = [&](const std::vector<double>& values) {
      return static_cast<int>(
          std::count_if(values.begin(), values.end(), [&](double p) { return p >= scores.threshold; }));
    };
    const int sick = static_cast<int>(scores.positives.size()),
              well = static_cast<int>(scores.negatives.size());
    figures_.add_measured("AUC", vision::roc_auc(scores.positives, scores.negatives), sick + well);
    figures_.add("operating point", scores.threshold, "1", 3);
    figures_.add_measured("sensitivity", vision::proportion(above(scores.positives), sick), sick);
    figures_.add_measured("specificity", vision::proportion(well - above(scores.negatives), well), well);
    figures_.add("calibration error", vision::calibration_error(scores.positives, scores.negatives), "1", 3);
    add_refused("films of adults", scores.total - scores.analysed, scores.total);
    figures_.add_latency("film, from PNG or JPEG bytes", scores.seconds);
  }

  void add_refused(const std::string& what, int refused, int total) {
    figures_.add_measured("refused, " + what, vision::proportion(refused, total), total);
  }

  void refuse(const std::string& what, const std::vector<std::string>& bytes, const Change& change) {
    int refused = 0;
    for (const std::string& picture : bytes) refused += read(picture, change).refused.has_value();
    add_refused(what, refused, static_cast<int>(bytes.size()));
  }

  void measure_refusals(const std::vector<std::string>& bytes) {
    refuse("films with black and white exchanged", bytes, vision::invert);
    refuse("films on their side", bytes, vision::quarter_turn);
    refuse("films upside down", bytes,
           [](const vision::GreyImage& film) { return vision::quarter_turn(vision::quarter_turn(film)); });
    refuse("left halves of films", bytes, [](const vision::GreyImage& film) {
      return vision::crop(film, {0, 0, film.width / 2, film.height});
    });
    refuse("films of children of unknown age", read_all(test_part(data_, kChildren)), unchanged);
    for (const PictureSet& set : kNoChestFilms) refuse(set.name, read_all(test_part(data_, set)), unchanged);
  }

  std::filesystem::path data_;
  Figures figures_;
  std::unique_ptr<engine::Assistant> assistant_;
};

}  // namespace

int bench_film(const BenchOptions& options) {
  if (!std::filesystem::exists(options.data / "img" / "shenzhen_tb.tar"))
    throw Error(ErrorCode::unavailable, "There are no films to measure with",
                (options.data / "img" / "shenzhen_tb.tar").string(), "Set $MERIDIAN_DATA or --data");
  FilmBench bench(options);
  bench.measure();
  bench.print(options.json);
  return 0;
}

}  // namespace meridian::app
