// The recordings and films of the demonstration: real ones where there is real data, else made by the
// project's own ECG model and a drawn phantom.
#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "signal/recording.h"
#include "vision/image.h"

namespace meridian::app {

struct DemoRecording {
  std::string source;  // "PTB-XL 00321", "Shenzhen CHNCXR_0327_1", "synthetic"
  std::string sex;     // FHIR administrative gender; empty: of anybody
  int age = 0;         // 0: of any adult
  signal::Recording recording;
};

struct DemoFilm {
  std::string source;
  vision::GreyImage image;
};

// In the order in which the demonstration's cases use them.
std::vector<DemoRecording> demo_recordings(const std::filesystem::path& data);
// Films that the chest film's assistant was not trained on, half of them with tuberculosis by their label.
std::vector<DemoFilm> demo_films(const std::filesystem::path& data, std::size_t count);

}  // namespace meridian::app
