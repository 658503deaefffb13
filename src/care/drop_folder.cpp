#include "care/drop_folder.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <map>
#include <mutex>
#include <set>
#include <thread>

#include "archive/waveform/format.h"
#include "archive/waveform/wfdb.h"
#include "base/error.h"
#include "base/file.h"
#include "base/log.h"
#include "care/people.h"

namespace meridian::care {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kLargestFile = std::size_t(2) << 30;
constexpr std::uint32_t kComplete = IN_CLOSE_WRITE | IN_MOVED_TO;

bool is_left_alone(const std::string& name) {
  const std::string lower = folded(name);
  return lower.empty() || lower.front() == '.' || lower.ends_with(".part") || lower.ends_with(".tmp");
}

// A name in the folder that is free: "x.dcm", "x (2).dcm", ...
fs::path free_name(const fs::path& folder, const fs::path& name) {
  fs::path candidate = folder / name;
  for (int number = 2; fs::exists(candidate); ++number)
    candidate =
        folder / (name.stem().string() + " (" + std::to_string(number) + ")" + name.extension().string());
  return candidate;
}

class FileDescriptor {
 public:
  explicit FileDescriptor(int number) : number_(number) {}
  ~FileDescriptor() {
    if (number_ >= 0) close(number_);
  }
  FileDescriptor(const FileDescriptor&) = delete;
  FileDescriptor& operator=(const FileDescriptor&) = delete;
  int number() const { return number_; }

 private:
  int number_;
};

}  // namespace

struct DropFolder::State {
  State(fs::path where, Take taker)
      : folder(std::move(where)),
        take(std::move(taker)),
        watch(inotify_init1(IN_NONBLOCK | IN_CLOEXEC)),
        wake(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {
    fs::create_directories(folder / "done");
    fs::create_directories(folder / "failed");
    if (watch.number() < 0 || wake.number() < 0 ||
        inotify_add_watch(watch.number(), folder.c_str(), kComplete) < 0)
      throw Error(ErrorCode::unavailable, "The drop folder cannot be watched", folder.string(),
                  "Check its rights, and fs.inotify.max_user_watches");
  }

  using Files = std::map<std::string, fs::path>;

  Files present() const {
    Files files;
    for (const fs::directory_entry& entry : fs::directory_iterator(folder)) {
      const std::string name = entry.path().filename().string();
      if (entry.is_regular_file() && !entry.is_symlink() && !is_left_alone(name))
        files.emplace(name, entry.path());
    }
    return files;
  }

  // What belongs together and is complete. A signal file waits for its header, a header for its signal files,
  // a CSV and its JSON for each other.
  std::vector<std::vector<fs::path>> complete() const {
    const Files files = present();
    std::vector<std::vector<fs::path>> groups;
    std::set<std::string> parts;  // of what is in groups already, or waits
    for (const auto& [name, names] : records_in(files)) {
      parts.insert(names.begin(), names.end());
      add_if_complete(names, files, groups);
    }
    for (const auto& [name, path] : files) {
      const std::string lower = folded(name);
      if (parts.contains(name) || lower.ends_with(".dat") || lower.ends_with(".json")) continue;
      if (archive::needs_csv_sidecar(path))
        add_if_complete({name, path.stem().string() + ".json"}, files, groups);
      else if (!lower.ends_with(".hea"))
        groups.push_back({path});
    }
    return groups;
  }

  // The names of the files of each WFDB record, but for those that are segments of another.
  std::map<std::string, std::vector<std::string>> records_in(const Files& files) const {
    std::map<std::string, std::vector<std::string>> records;
    for (const auto& [name, path] : files)
      if (folded(name).ends_with(".hea")) records.emplace(name, names_of_record(path));
    std::set<std::string> segments;
    for (const auto& [name, names] : records)
      for (const std::string& part : names)
        if (part != name && folded(part).ends_with(".hea")) segments.insert(part);
    for (const std::string& segment : segments) records.erase(segment);
    return records;
  }

  // The header alone when it cannot be read: whoever takes it will say why.
  std::vector<std::string> names_of_record(const fs::path& header) const {
    try {
      return archive::wfdb_file_names(archive::files_of_folder(folder), header.stem().string());
    } catch (const Error&) {
      return {header.filename().string()};
    }
  }

  static void add_if_complete(const std::vector<std::string>& names, const Files& files,
                              std::vector<std::vector<fs::path>>& groups) {
    std::vector<fs::path> group;
    for (const std::string& name : names) {
      const auto found = files.find(name);
      if (found == files.end()) return;
      group.push_back(found->second);
    }
    groups.push_back(std::move(group));
  }

  void take_group(const std::vector<fs::path>& group) {
    try {
      std::vector<archive::NamedBytes> files;
      for (const fs::path& path : group)
        files.push_back({path.filename().string(), read_file(path, kLargestFile)});
      take(files);
      move_to("done", group);
    } catch (const std::exception& error) {
      refuse(group, error);
    }
  }

  fs::path move_to(const std::string& where, const std::vector<fs::path>& group) const {
    fs::path first;
    for (const fs::path& path : group) {
      const fs::path target = free_name(folder / where, path.filename());
      fs::rename(path, target);
      if (first.empty()) first = target;
    }
    return first;
  }

  void refuse(const std::vector<fs::path>& group, const std::exception& error) const {
    const auto* known = dynamic_cast<const Error*>(&error);
    const std::string reason = known ? known->describe() : error.what();
    const fs::path moved = move_to("failed", group);
    write_file(moved.string() + ".txt", reason + "\n");
    log_warning("drop-refused", {{"file", moved.filename().string()}, {"reason", error.what()}});
  }

  int scan() {
    const std::lock_guard lock(scanning);
    const auto groups = complete();
    for (const auto& group : groups) take_group(group);
    return static_cast<int>(groups.size());
  }

  void scan_quietly() {
    try {
      scan();
    } catch (const std::exception& error) {
      log_error("drop-folder-failed", {{"folder", folder.string()}, {"reason", error.what()}});
    }
  }

  // True while the folder is to be watched.
  bool wait_for_change() const {
    std::array<pollfd, 2> sources{{{watch.number(), POLLIN, 0}, {wake.number(), POLLIN, 0}}};
    while (poll(sources.data(), sources.size(), -1) < 0 && errno == EINTR) {
    }
    std::array<char, 4096> ignored;
    while (read(watch.number(), ignored.data(), ignored.size()) > 0) {
    }
    return (sources[1].revents & POLLIN) == 0;
  }

  fs::path folder;
  Take take;
  FileDescriptor watch, wake;
  std::mutex scanning;
  std::thread watcher;
};

DropFolder::DropFolder(fs::path folder, Take take)
    : state_(std::make_unique<State>(std::move(folder), std::move(take))) {}

DropFolder::~DropFolder() {
  stop();
}

void DropFolder::start() {
  state_->watcher = std::thread([state = state_.get()] {
    do state->scan_quietly();
    while (state->wait_for_change());
  });
}

void DropFolder::stop() {
  if (!state_->watcher.joinable()) return;
  const std::uint64_t one = 1;
  if (write(state_->wake.number(), &one, sizeof one) != sizeof one) log_error("drop-folder-not-woken");
  state_->watcher.join();
}

int DropFolder::scan() {
  return state_->scan();
}

}  // namespace meridian::care
