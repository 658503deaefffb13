// A folder that is watched: recordings and films put there are taken in, and moved to its folder done/, or,
// with a text file that says why not, to failed/.
//
// A file is taken once it is complete: closed after writing or moved in (inotify), and, for a WFDB header,
// once the signal files that it names are there too; a CSV that does not declare its layout, once its JSON is
// there; the case of their names does not matter. What waits for an hour in vain is moved to failed/. What
// lies there at the start is taken as well. Hidden files and those whose name ends in .part or .tmp are left
// alone.
#pragma once
#include <filesystem>
#include <functional>
#include <memory>
#include <vector>

#include "archive/waveform/file_source.h"
#include "base/time.h"

namespace meridian::care {

class DropFolder {
 public:
  // Takes in what belongs together; throws to refuse it.
  using Take = std::function<void(const std::vector<archive::NamedBytes>& files)>;

  using Clock = std::function<Instant()>;

  // Makes the folder, done/ and failed/ when missing. Throws unavailable when it cannot be watched.
  DropFolder(std::filesystem::path folder, Take take, Clock clock = now);
  ~DropFolder();  // stops

  void start();
  void stop();  // returns when the file under way has been taken
  // Takes all that is complete, in this thread. Returns how many recordings and films were taken or refused.
  int scan();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace meridian::care
