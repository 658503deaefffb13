#include "assistants/imaging/slide_count.h"

#include "base/error.h"
#include "base/json.h"

namespace meridian::assistants::imaging {

std::int64_t SlideCount::objects() const {
  std::int64_t all = 0;
  for (const std::uint32_t field : map) all += field;
  return all;
}

double SlideCount::median_area() const {
  std::int64_t all = 0, passed = 0;
  for (const auto& [area, count] : areas) all += count;
  for (const auto& [area, count] : areas)
    if ((passed += count) * 2 >= all) return area;
  return 0;
}

std::string SlideCount::to_text() const {
  Json fields = Json::array(), sizes = Json::array();
  for (const std::uint32_t field : map) fields.push_back(std::int64_t(field));
  for (const auto& [area, count] : areas) sizes.push_back(Json::array({std::int64_t(area), count}));
  return Json::object({{"plan", plan},
                       {"bands", bands},
                       {"cells", cells},
                       {"map", std::move(fields)},
                       {"areas", std::move(sizes)}})
      .dump();
}

std::optional<SlideCount> SlideCount::from_text(const std::string& text, const SlideCount& empty) {
  if (text.empty()) return {};
  try {
    const Json kept = Json::parse(text);
    const Json& fields = kept.get("map");
    if (kept.text("plan") != empty.plan || fields.size() != empty.map.size()) return {};
    SlideCount count = empty;
    count.bands = kept.get("bands").as_int();
    count.cells = kept.get("cells").as_int();
    for (std::size_t i = 0; i < count.map.size(); ++i)
      count.map[i] = static_cast<std::uint32_t>(fields.at(i).as_int());
    for (const Json& size : kept.get("areas").items())
      count.areas[static_cast<int>(size.at(0).as_int())] = size.at(1).as_int();
    return count;
  } catch (const Error&) {
    return {};  // an earlier version's: the slide is read anew
  }
}

}  // namespace meridian::assistants::imaging
