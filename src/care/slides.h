// Whole slides as the console looks at them: their levels and their squares.
#pragma once
#include <memory>
#include <string>

#include "archive/slide/slide_series.h"
#include "care/context.h"

namespace meridian::care {

class Slides {
 public:
  explicit Slides(const Context& context);
  ~Slides();

  // The slide to which the instance belongs: {version, width, height, spacing (mm a pixel, or null),
  // levels: [{width, height, tileWidth, tileHeight}], container, label, overview: SOP Instance UIDs or null}.
  // That it was looked at is in the ledger. Throws not_found (no such instance, or none that the principal
  // may see), and what SlideSeries throws.
  Json describe(const trust::Principal& principal, const std::string& instance) const;
  // A square of a level, counted from 0, of its full size also at the edges; nothing where the slide has
  // none. version: of describe(). Throws as describe() does, and not_found when there is no such square or
  // the slide has changed.
  archive::SlideTile tile(const trust::Principal& principal, const std::string& instance,
                          const std::string& version, std::size_t level, std::int64_t column,
                          std::int64_t row) const;

 private:
  struct Opened;
  struct Cache;
  std::shared_ptr<const Opened> open(const std::string& instance) const;
  std::shared_ptr<const Opened> opened(const std::string& instance, const std::string& version) const;

  Context context_;
  std::unique_ptr<Cache> cache_;
};

}  // namespace meridian::care
