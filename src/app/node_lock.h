// One process at a time may write to a node's folder.
#pragma once
#include <filesystem>

namespace meridian::app {

class NodeLock {
 public:
  // Throws busy when another process has the folder.
  explicit NodeLock(const std::filesystem::path& folder);
  ~NodeLock();
  NodeLock(const NodeLock&) = delete;
  NodeLock& operator=(const NodeLock&) = delete;

 private:
  int file_;
};

}  // namespace meridian::app
