// A file that is written over and over, in which arriving blobs become durable before their own files are.
//
// A new file costs its own sync and a commit of the file system's journal. Here several writers share one
// sync of blocks that the file system has allocated long before. The file has two halves: while one fills,
// the blobs of the other get synced files of their own, and then it is written over.
#pragma once
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace meridian::storage {

class BlobJournal {
 public:
  // Makes the own files of all blobs durable that were appended before; called from a thread of the
  // journal's.
  using Settle = std::function<void()>;
  // What a crash has left in the journal, to be made a durable file where that is not whole.
  using Restore = std::function<void(const std::string& digest, std::string_view bytes)>;

  // Restores what is in the file from before, and empties it, unless another process has the journal open.
  // bytes: of the whole file, which is made at the first append; 0: nothing is appended.
  BlobJournal(std::filesystem::path file, std::uint64_t bytes, Settle settle, const Restore& restore);
  // Settles all that is in it and leaves it empty.
  ~BlobJournal();
  BlobJournal(const BlobJournal&) = delete;
  BlobJournal& operator=(const BlobJournal&) = delete;

  // True: the blob is durable, whose own file must be whole by now, though not synced. False: it is too large
  // for the journal, or the journal could not be made or emptied (which is logged): sync the file itself.
  // Throws storage_full or unavailable when the journal cannot be written. Safe from many threads.
  bool append(const std::string& digest, std::string_view bytes);

 private:
  class File;
  class State;
  std::unique_ptr<State> state_;
};

}  // namespace meridian::storage
