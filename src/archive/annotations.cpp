#include "archive/annotations.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace meridian::archive {
namespace {

constexpr std::uint32_t kStudyDate = 0x00080020, kStudyTime = 0x00080030, kModality = 0x00080060,
                        kPatientName = 0x00100010, kPatientId = 0x00100020, kBirthDate = 0x00100030,
                        kSex = 0x00100040, kBodyPart = 0x00180015, kSeriesNumber = 0x00200011,
                        kInstanceNumber = 0x00200013, kFrames = 0x00280008;

struct Quantity {
  std::uint32_t tag;
  std::string_view name, unit;
};

constexpr std::array<Quantity, 7> kQuantities{{{0x00180060, "", "kV"},
                                               {0x00181151, "", "mA"},
                                               {0x00181152, "", "mAs"},
                                               {0x00180050, "Slice", "mm"},
                                               {0x00201041, "Location", "mm"},
                                               {0x00180080, "TR", "ms"},
                                               {0x00180081, "TE", "ms"}}};

std::string date_of(const std::string& da) {
  if (da.size() != 8) return da;
  return da.substr(0, 4) + "-" + da.substr(4, 2) + "-" + da.substr(6, 2);
}

std::string time_of(const std::string& tm) {
  if (tm.size() < 4) return tm;
  return tm.substr(0, 2) + ":" + tm.substr(2, 2);
}

// "Wang^Xiuying=王^秀英" as people write it: the groups beside each other, the carets as blanks.
std::string name_of(std::string pn) {
  std::ranges::replace(pn, '^', ' ');
  std::ranges::replace(pn, '=', ' ');
  return std::string(trimmed(pn));
}

std::string joined(std::initializer_list<std::string> parts) {
  std::string line;
  for (const std::string& part : parts)
    if (!part.empty()) line += (line.empty() ? "" : "  ") + part;
  return line;
}

std::string named(std::string_view name, const std::string& value) {
  return value.empty() ? "" : std::string(name) + " " + value;
}

}  // namespace

std::vector<std::string> patient_lines(const Elements& header) {
  return {name_of(header.text(kPatientName)), header.text(kPatientId),
          joined({header.text(kSex), date_of(header.first(kBirthDate))})};
}

std::vector<std::string> technique_lines(const Elements& header, int frame) {
  const int frames = header.integer_string(kFrames).value_or(1);
  std::vector<std::string> lines{
      joined({header.first(kModality), header.text(kBodyPart)}),
      joined({date_of(header.first(kStudyDate)), time_of(header.first(kStudyTime))}),
      joined({named("Se", header.first(kSeriesNumber)), named("Im", header.first(kInstanceNumber)),
              frames > 1 ? "Fr " + std::to_string(frame) + "/" + std::to_string(frames) : ""})};
  for (const Quantity& quantity : kQuantities) {
    const std::string value = header.first(quantity.tag);
    if (!value.empty())
      lines.push_back(joined({std::string(quantity.name), value + " " + std::string(quantity.unit)}));
  }
  return lines;
}

}  // namespace meridian::archive
