// The DICOM JSON of a series' instances as it was made once, compressed together: slices say nearly the same.
#pragma once
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "storage/database.h"

namespace meridian::archive {

class KeptMetadata {
 public:
  // What is kept of the series. The texts are of the files that the instances have in that snapshot.
  KeptMetadata(storage::Connection& connection, std::string series);

  // Nothing when it is not kept. The text lives as long as this.
  std::optional<std::string_view> find(std::string_view instance) const;
  // A text that was made since. digest: of the file that the instance had before it was made.
  std::string_view add(const std::string& instance, const std::string& digest, std::string text);
  std::size_t bytes() const;  // that all texts have, about
  // In place of what is kept. The text of an instance that has gone, or got another file meanwhile, is left
  // out, and one that is very large.
  void keep(storage::Transaction& transaction) const;

 private:
  struct Text {
    std::string_view instance, digest, text;
  };
  void take_piece(std::string_view compressed);
  std::string_view hold(std::string bytes);
  void add(const Text& text);

  const std::string series_;
  std::deque<std::string> memory_;  // what the texts point into
  std::vector<Text> texts_;
  std::unordered_map<std::string_view, std::size_t> places_;  // by the instance's UID
};

// Digests of the files of a series, by the instance's UID.
std::unordered_map<std::string, std::string> digests_of(storage::Connection& connection,
                                                        const std::string& series);
// With each instance that goes or gets another file.
void drop_metadata(storage::Transaction& transaction, const std::string& series);

}  // namespace meridian::archive
