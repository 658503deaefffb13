#include "app/demo/recordings.h"

#include <string_view>

#include "app/data/labelled_pictures.h"
#include "app/data/unpack.h"
#include "archive/waveform/reader.h"
#include "base/file.h"
#include "signal/synthetic_ecg.h"
#include "vision/phantom_film.h"
#include "vision/picture.h"

namespace meridian::app {
namespace {

namespace fs = std::filesystem;

// Records of PTB-XL by number, with sex and age as its table has them: what each shows is for the assistant
// to say.
struct Listed {
  std::string_view file;
  std::string_view sex;
  int age;
};
constexpr Listed kPtbXl[] = {{"00428_hr", "female", 78}, {"00189_hr", "male", 74},
                             {"00321_hr", "female", 72}, {"00363_hr", "female", 49},
                             {"00286_hr", "female", 81}, {"00002_hr", "male", 19},
                             {"00001_hr", "female", 56}, {"00452_hr", "male", 78}};

std::vector<DemoRecording> real_recordings(const fs::path& data) {
  std::vector<DemoRecording> out;
  const fs::path folder = unpacked(data / "ecg" / "ptbxl500.tar.xz") / "records500" / "00000";
  for (const Listed& listed : kPtbXl) {
    const fs::path header = folder / (std::string(listed.file) + ".hea");
    out.push_back({"PTB-XL " + std::string(listed.file), std::string(listed.sex), listed.age,
                   archive::read_recording(header)});
  }
  return out;
}

std::vector<DemoRecording> synthetic_recordings() {
  std::vector<DemoRecording> out;
  for (std::uint64_t seed = 1; seed <= std::size(kPtbXl); ++seed) {
    signal::SyntheticEcg options;
    options.seed = seed;
    options.heart_rate = 58.0 + 9.0 * static_cast<double>(seed);
    options.atrial_fibrillation = seed % 3 == 1;
    out.push_back(
        {"synthetic", std::string(kPtbXl[seed - 1].sex), kPtbXl[seed - 1].age, signal::make_ecg(options)});
  }
  return out;
}

const PictureSet kShenzhen{"shenzhen_tb", "image", "case", "label"};

// Of the part that was kept from training.
std::vector<DemoFilm> real_films(const fs::path& data, std::size_t count) {
  std::vector<DemoFilm> out;
  std::size_t wanted[2] = {count - count / 2, count / 2};  // normal, tuberculosis
  for (const LabelledPicture& film : test_part(data, kShenzhen)) {
    std::size_t& left = wanted[film.label != "normal"];
    if (left == 0) continue;
    --left;
    out.push_back(
        {"Shenzhen " + film.file.stem().string(), vision::decode_picture(read_file(film.file)).grey});
  }
  return out;
}

std::vector<DemoFilm> phantom_films(std::size_t count) {
  std::vector<DemoFilm> out;
  for (std::uint64_t seed = 1; seed <= count; ++seed)
    out.push_back({"phantom", vision::draw({.side = 1024, .seed = seed, .opacity = seed % 2 == 0})});
  return out;
}

}  // namespace

std::vector<DemoRecording> demo_recordings(const fs::path& data) {
  return fs::exists(data / "ecg" / "ptbxl500.tar.xz") ? real_recordings(data) : synthetic_recordings();
}

std::vector<DemoFilm> demo_films(const fs::path& data, std::size_t count) {
  return fs::exists(data / "img" / "shenzhen_tb.tar") ? real_films(data, count) : phantom_films(count);
}

}  // namespace meridian::app
