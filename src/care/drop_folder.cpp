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
#include <sstream>
#include <thread>

#include "base/error.h"
#include "base/file.h"
#include "base/log.h"
#include "care/people.h"

namespace meridian::care {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kLargestHeader = 1u << 20;
constexpr std::size_t kLargestFile = std::size_t(2) << 30;
constexpr std::uint32_t kComplete = IN_CLOSE_WRITE | IN_MOVED_TO;

bool is_left_alone(const std::string& name) {
  const std::string lower = folded(name);
  return lower.empty() || lower.front() == '.' || lower.ends_with(".part") || lower.ends_with(".tmp");
}

// The files that a WFDB header names: the first word of each line that is neither the first nor a comment.
std::set<std::string> files_named_in(const std::string& header) {
  std::set<std::string> names;
  std::istringstream lines(header);
  bool first = true;
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    std::string name;
    if (!(words >> name) || name.front() == '#') continue;
    if (!std::exchange(first, false) && name != "~" && name.find('/') == std::string::npos)
      names.insert(name);
  }
  return names;
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

  std::map<std::string, fs::path> present() const {
    std::map<std::string, fs::path> files;
    for (const fs::directory_entry& entry : fs::directory_iterator(folder)) {
      const std::string name = entry.path().filename().string();
      if (entry.is_regular_file() && !entry.is_symlink() && !is_left_alone(name))
        files.emplace(name, entry.path());
    }
    return files;
  }

  // What belongs together and is complete. A signal file waits for its header, and a header for its signal
  // files.
  std::vector<std::vector<fs::path>> complete() const {
    std::map<std::string, fs::path> files = present();
    std::vector<std::vector<fs::path>> groups;
    std::set<std::string> waiting;
    for (const auto& [name, path] : files) {
      if (!folded(name).ends_with(".hea")) continue;
      std::vector<fs::path> group{path};
      bool all_there = true;
      for (const std::string& named : files_named_in(read_file(path, kLargestHeader))) {
        waiting.insert(named);
        const auto found = files.find(named);
        if (found == files.end())
          all_there = false;
        else
          group.push_back(found->second);
      }
      waiting.insert(name);
      if (all_there) groups.push_back(std::move(group));
    }
    for (const auto& [name, path] : files)
      if (!waiting.contains(name) && !folded(name).ends_with(".dat")) groups.push_back({path});
    return groups;
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
