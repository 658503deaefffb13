// Names for people who do not exist: frequent Chinese surnames and given names with their pinyin.
#pragma once
#include <random>
#include <string>

namespace meridian::app {

struct PersonName {
  std::string family, given;              // 李, 秀英
  std::string family_latin, given_latin;  // Li, Xiuying
};

// sex: "male" or "female".
PersonName draw_name(std::mt19937_64& random, const std::string& sex);

// A number from 0 up to, not including, the bound; the same on every platform, unlike the library's
// distributions.
std::size_t draw_below(std::mt19937_64& random, std::size_t bound);

}  // namespace meridian::app
