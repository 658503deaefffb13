#include "vision/tracker.h"

#include <algorithm>
#include <bit>

namespace meridian::vision {
namespace {

constexpr unsigned kWindow = 0b11111;  // the frames on which a thing must be seen often enough
constexpr int kSeenOften = 3;
constexpr int kGone = 6;            // frames missed one after another
constexpr double kSameThing = 0.3;  // overlap of the boxes: what both cover, of what either covers
constexpr double kNewShare = 0.4;   // of a new value in a smoothed one
constexpr double kDoubt = 0.9;      // what is left of the confidence for each frame missed

struct Edges {
  double left, top, right, bottom;
  double area() const { return std::max(0.0, right - left) * std::max(0.0, bottom - top); }
};

Edges edges_of(const std::vector<Point>& outline) {
  const auto [left, right] = std::ranges::minmax(outline, {}, &Point::x);
  const auto [top, bottom] = std::ranges::minmax(outline, {}, &Point::y);
  return {left.x, top.y, right.x, bottom.y};
}

Edges edges_of(const Track& track) {
  return {track.left, track.top, track.right, track.bottom};
}

double overlap(const Edges& a, const Edges& b) {
  const Edges both{std::max(a.left, b.left), std::max(a.top, b.top), std::min(a.right, b.right),
                   std::min(a.bottom, b.bottom)};
  const double either = a.area() + b.area() - both.area();
  return either > 0 ? both.area() / either : 0;
}

double smoothed(double old, double now) {
  return old + kNewShare * (now - old);
}

void renew(Track& track, const Outlined& outlined) {
  const Edges now = edges_of(outlined.outline);
  track.outline = outlined.outline;
  track.left = smoothed(track.left, now.left);
  track.top = smoothed(track.top, now.top);
  track.right = smoothed(track.right, now.right);
  track.bottom = smoothed(track.bottom, now.bottom);
  track.confidence = smoothed(track.confidence, outlined.confidence);
}

struct Pair {
  double overlap;
  std::size_t followed, seen;
};

}  // namespace

void Tracker::begin(const Outlined& outlined) {
  const Edges at = edges_of(outlined.outline);
  followed_.push_back(
      {{++last_id_, outlined.outline, at.left, at.top, at.right, at.bottom, outlined.confidence},
       1,
       0,
       false});
}

// The pairs that overlap most belong together; what is left over is new, or was missed.
void Tracker::note(const std::vector<Outlined>& seen) {
  std::vector<Pair> pairs;
  for (std::size_t i = 0; i < followed_.size(); ++i)
    for (std::size_t j = 0; j < seen.size(); ++j)
      if (const double shared = overlap(edges_of(followed_[i].track), edges_of(seen[j].outline));
          shared >= kSameThing)
        pairs.push_back({shared, i, j});
  std::ranges::stable_sort(pairs, std::ranges::greater(), &Pair::overlap);
  std::vector<bool> found(followed_.size()), known(seen.size());
  for (const Pair& pair : pairs) {
    if (found[pair.followed] || known[pair.seen]) continue;
    found[pair.followed] = known[pair.seen] = true;
    renew(followed_[pair.followed].track, seen[pair.seen]);
  }
  for (std::size_t i = 0; i < found.size(); ++i) {
    Followed& one = followed_[i];
    one.recent = one.recent << 1 | (found[i] ? 1 : 0);
    one.missed = found[i] ? 0 : one.missed + 1;
    if (!found[i]) one.track.confidence *= kDoubt;
  }
  for (std::size_t j = 0; j < seen.size(); ++j)
    if (!known[j]) begin(seen[j]);
}

std::vector<Track> Tracker::update(const std::vector<Outlined>& seen) {
  std::vector<Outlined> things;
  std::ranges::copy_if(seen, std::back_inserter(things),
                       [](const Outlined& one) { return one.outline.size() >= 3; });
  note(things);
  std::erase_if(followed_, [](const Followed& one) { return one.missed >= kGone; });
  std::vector<Track> shown;
  for (Followed& one : followed_) {
    one.shown = one.shown || std::popcount(one.recent & kWindow) >= kSeenOften;
    if (one.shown) shown.push_back(one.track);
  }
  std::ranges::stable_sort(shown, std::ranges::greater(), &Track::confidence);
  return shown;
}

}  // namespace meridian::vision
