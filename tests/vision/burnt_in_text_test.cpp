// Writing in the pixels, of several sizes and brightness, on drawn films.
#include "vision/burnt_in_text.h"

#include <gtest/gtest.h>

#include <cmath>

#include <map>

namespace meridian::vision {
namespace {

// Letters of five by seven, a row a text.
const std::map<char, std::vector<std::string>> kLetters{
    {'W', {"#...#", "#...#", "#...#", "#.#.#", "#.#.#", "##.##", "#...#"}},
    {'A', {".###.", "#...#", "#...#", "#####", "#...#", "#...#", "#...#"}},
    {'N', {"#...#", "##..#", "#.#.#", "#.#.#", "#..##", "#...#", "#...#"}},
    {'G', {".###.", "#...#", "#....", "#.###", "#...#", "#...#", ".###."}},
    {'L', {"#....", "#....", "#....", "#....", "#....", "#....", "#####"}},
    {'1', {"..#..", ".##..", "..#..", "..#..", "..#..", "..#..", ".###."}},
    {'9', {".###.", "#...#", "#...#", ".####", "....#", "...#.", ".##.."}}};

// Two dark fields crossed by ribs, with a name written on it in letters so many pixels high.
GreyImage film_with(const std::string& name, int pixels, int side = 1000) {
  GreyImage film{side, side, std::vector<float>(static_cast<std::size_t>(side) * side), {}};
  for (int y = 0; y < side; ++y)
    for (int x = 0; x < side; ++x) {
      const double u = static_cast<double>(x) / side, v = static_cast<double>(y) / side;
      const double lungs = 0.3 * std::cos(12 * u), ribs = 0.1 * std::sin(60 * v + 4 * u);
      film.pixels[static_cast<std::size_t>(y) * side + x] = static_cast<float>(0.45 + lungs + ribs);
    }
  for (std::size_t i = 0; i < name.size(); ++i)
    for (int y = 0; y < pixels; ++y)
      for (int x = 0; x < pixels * 5 / 7; ++x)
        if (name[i] != ' ' && kLetters.at(name[i]).at(y * 7 / pixels).at(x * 7 / pixels) == '#') {
          const int column = side / 20 + static_cast<int>(i) * pixels * 6 / 7 + x,
                    row = side / 12 - pixels + y;
          film.pixels[static_cast<std::size_t>(row) * side + column] = 1;
        }
  return film;
}

TEST(BurntInText, IsFoundInEverySize) {
  for (const int pixels : {10, 14, 21, 28, 42, 63}) {
    const auto found = burnt_in_text(film_with("WANG LANG", pixels));
    ASSERT_FALSE(found.empty()) << pixels;
    EXPECT_NEAR(found.front().bottom, 1000 / 12, 0.4 * pixels + 2) << pixels;
  }
}

TEST(BurntInText, IsFoundWhenItIsDarkOnBright) {
  GreyImage film = film_with("WANG LANG 1991", 21);
  for (float& pixel : film.pixels) pixel = 1 - pixel;
  EXPECT_FALSE(burnt_in_text(film).empty());
}

TEST(BurntInText, IsFoundOnFilmsThatAreMadeSmallerToLook) {
  const auto found = burnt_in_text(film_with("WANG LANG 1991", 60, 4096));
  ASSERT_FALSE(found.empty());
  EXPECT_NEAR(found.front().bottom, 4096 / 12, 30);
}

TEST(BurntInText, IsNotTheMarkOfASideNorAnyFilm) {
  EXPECT_TRUE(burnt_in_text(film_with("", 20)).empty());
  EXPECT_TRUE(burnt_in_text(film_with("L", 40)).empty());
  EXPECT_TRUE(burnt_in_text({8, 8, std::vector<float>(64, 1), {}}).empty());
}

}  // namespace
}  // namespace meridian::vision
