// How many exchanges of electrodes are told, by exchanging them in recordings that have them right.
#pragma once
#include <array>
#include <cstddef>

#include "app/bench/figures.h"
#include "assistants/ecg/models.h"
#include "signal/recording.h"

namespace meridian::app {

class ExchangedElectrodes {
 public:
  // The recording of twelve leads as it is, and with each exchange. One that is not measured does not count.
  void add(const signal::Recording& recording, const assistants::ecg::Models& models);
  void report(Figures& figures) const;

 private:
  static constexpr std::size_t kExchanges = 6;
  int recordings_ = 0, said_as_they_are_ = 0;
  std::array<int, kExchanges> told_{};
};

}  // namespace meridian::app
