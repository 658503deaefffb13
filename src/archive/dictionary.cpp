#include "archive/dictionary.h"

#include <charconv>

#include "archive/dataset.h"

namespace meridian::archive {

std::optional<std::uint32_t> find_tag(const std::string& name) {
  std::uint32_t number = 0;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), number, 16);
  if (name.size() == 8 && error == std::errc() && end == name.data() + 8) return number;
  use_dcmtk();
  DcmTagKey tag;
  const DcmDataDictionary& dictionary = dcmDataDict.rdlock();
  const DcmDictEntry* entry = dictionary.findEntry(name.c_str());
  if (entry) tag = entry->getKey();
  dcmDataDict.rdunlock();
  if (!entry) return {};
  return std::uint32_t(tag.getGroup()) << 16 | tag.getElement();
}

std::string keyword_of(std::uint32_t tag) {
  use_dcmtk();
  const DcmDataDictionary& dictionary = dcmDataDict.rdlock();
  const DcmDictEntry* entry = dictionary.findEntry(
      DcmTagKey(static_cast<Uint16>(tag >> 16), static_cast<Uint16>(tag & 0xFFFF)), nullptr);
  const std::string keyword = entry && !entry->isRepeating() ? entry->getTagName() : "";
  dcmDataDict.rdunlock();
  return keyword;
}

}  // namespace meridian::archive
