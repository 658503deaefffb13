// What was counted on a slide so far, as it is kept and taken up again.
#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace meridian::assistants::imaging {

struct SlideCount {
  std::string plan;                   // of the slide and the grid that it belongs to
  std::int64_t bands = 0;             // read, from the top
  std::int64_t cells = 0;             // looked at
  int across = 0, down = 0;           // of the map
  std::vector<std::uint32_t> map;     // objects in each of its fields
  std::map<int, std::int64_t> areas;  // objects by their pixels

  std::int64_t objects() const;
  // Pixels; 0 when there is none.
  double median_area() const;

  std::string to_text() const;
  // Nothing when the text is not one, or of another plan.
  static std::optional<SlideCount> from_text(const std::string& text, const SlideCount& empty);
};

}  // namespace meridian::assistants::imaging
