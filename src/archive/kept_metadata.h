// The DICOM JSON of a series' instances as it was made once, compressed together: slices say nearly the same.
#pragma once
#include <string>
#include <unordered_map>

#include "storage/database.h"

namespace meridian::archive {

// By the instance's UID.
struct KeptMetadata {
  std::unordered_map<std::string, std::string> digests;  // of the files that all instances have now
  std::unordered_map<std::string, std::string> texts;    // of those that are kept, made of these files
};

KeptMetadata read_metadata(storage::Connection& connection, const std::string& series);
// In place of what is kept: texts that were made since read_metadata() gave the rest. They are not kept when
// an instance has gone or changed meanwhile, or when they are very large.
void keep_metadata(storage::Transaction& transaction, const std::string& series, const KeptMetadata& all);
// With each instance that goes or gets another file.
void drop_metadata(storage::Transaction& transaction, const std::string& series);

}  // namespace meridian::archive
