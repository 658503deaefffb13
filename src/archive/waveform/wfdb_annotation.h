// WFDB annotation files (.atr): the beats and rhythms that people marked, as annot(5) of the WFDB guide
// defines them.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace meridian::archive {

struct WfdbAnnotation {
  std::int64_t sample = 0;
  std::string symbol;  // as PhysioNet writes it: "N", "V", "+", "~", "[" ...; empty for codes without one
  int subtype = 0, channel = 0, number = 0;
  std::string text;  // "(AFIB"
};

// Throws invalid_syntax when the file is cut or goes back before sample 0.
std::vector<WfdbAnnotation> read_wfdb_annotations(std::string_view bytes);

}  // namespace meridian::archive
