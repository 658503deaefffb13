#include "app/demo/names.h"

#include <array>
#include <string_view>

namespace meridian::app {
namespace {

struct Syllables {
  std::string_view characters, latin;
};

constexpr std::array<Syllables, 32> kSurnames{{
    {"王", "Wang"},     {"李", "Li"},     {"张", "Zhang"}, {"刘", "Liu"},   {"陈", "Chen"}, {"杨", "Yang"},
    {"黄", "Huang"},    {"赵", "Zhao"},   {"吴", "Wu"},    {"周", "Zhou"},  {"徐", "Xu"},   {"孙", "Sun"},
    {"马", "Ma"},       {"朱", "Zhu"},    {"胡", "Hu"},    {"郭", "Guo"},   {"何", "He"},   {"高", "Gao"},
    {"林", "Lin"},      {"罗", "Luo"},    {"郑", "Zheng"}, {"梁", "Liang"}, {"谢", "Xie"},  {"宋", "Song"},
    {"唐", "Tang"},     {"许", "Xu"},     {"韩", "Han"},   {"冯", "Feng"},  {"邓", "Deng"}, {"曹", "Cao"},
    {"欧阳", "Ouyang"}, {"司马", "Sima"},
}};

constexpr std::array<Syllables, 28> kMale{{
    {"建国", "Jianguo"},   {"伟", "Wei"},       {"强", "Qiang"},       {"军", "Jun"},
    {"磊", "Lei"},         {"勇", "Yong"},      {"志强", "Zhiqiang"},  {"国华", "Guohua"},
    {"明", "Ming"},        {"建军", "Jianjun"}, {"永生", "Yongsheng"}, {"德福", "Defu"},
    {"福贵", "Fugui"},     {"浩然", "Haoran"},  {"子轩", "Zixuan"},    {"宇航", "Yuhang"},
    {"文博", "Wenbo"},     {"海涛", "Haitao"},  {"玉山", "Yushan"},    {"长河", "Changhe"},
    {"春生", "Chunsheng"}, {"俊杰", "Junjie"},  {"天宇", "Tianyu"},    {"金龙", "Jinlong"},
    {"树林", "Shulin"},    {"卫东", "Weidong"}, {"保田", "Baotian"},   {"晓东", "Xiaodong"},
}};

constexpr std::array<Syllables, 28> kFemale{{
    {"秀英", "Xiuying"}, {"桂兰", "Guilan"},  {"丽", "Li"},         {"敏", "Min"},        {"静", "Jing"},
    {"秀兰", "Xiulan"},  {"玉珍", "Yuzhen"},  {"淑芬", "Shufen"},   {"桂英", "Guiying"},  {"芳", "Fang"},
    {"娟", "Juan"},      {"霞", "Xia"},       {"春梅", "Chunmei"},  {"海燕", "Haiyan"},   {"雪", "Xue"},
    {"雨桐", "Yutong"},  {"梓涵", "Zihan"},   {"欣怡", "Xinyi"},    {"诗涵", "Shihan"},   {"丽华", "Lihua"},
    {"美玲", "Meiling"}, {"月娥", "Yue'e"},   {"凤英", "Fengying"}, {"小红", "Xiaohong"}, {"素琴", "Suqin"},
    {"金花", "Jinhua"},  {"晓燕", "Xiaoyan"}, {"巧云", "Qiaoyun"},
}};

template <std::size_t N>
const Syllables& pick(std::mt19937_64& random, const std::array<Syllables, N>& from) {
  return from[draw_below(random, N)];
}

}  // namespace

std::size_t draw_below(std::mt19937_64& random, std::size_t bound) {
  return random() % bound;
}

PersonName draw_name(std::mt19937_64& random, const std::string& sex) {
  const Syllables& family = pick(random, kSurnames);
  const Syllables& given = sex == "male" ? pick(random, kMale) : pick(random, kFemale);
  return {std::string(family.characters), std::string(given.characters), std::string(family.latin),
          std::string(given.latin)};
}

}  // namespace meridian::app
