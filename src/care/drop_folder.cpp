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
constexpr auto kPatience = std::chrono::hours(1);  // with which files wait for what belongs to them
constexpr int kLookAgain = 60'000;                 // ms
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
  State(fs::path where, Take taker, Clock time)
      : folder(std::move(where)),
        take(std::move(taker)),
        clock(std::move(time)),
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

  // What belongs together: the files that are there, and the name of one that is not.
  struct Group {
    std::vector<fs::path> files;
    std::string missing;
  };

  // A signal file waits for its header, a header for its signal files, a CSV and its JSON for each other.
  std::vector<Group> groups() const {
    const Files files = present();
    std::vector<Group> groups;
    std::set<fs::path> grouped;
    const auto add = [&](const std::vector<std::string>& names) {
      Group& group = groups.emplace_back(group_of(names, files));
      grouped.insert(group.files.begin(), group.files.end());
    };
    for (const auto& [header, names] : records_in(files)) add(names);
    for (const auto& [name, path] : files)
      if (!grouped.contains(path) && archive::needs_csv_sidecar(path))
        add({name, path.stem().string() + ".json"});
    for (const auto& [name, path] : files) {
      if (grouped.contains(path)) continue;
      const std::string lower = folded(name), stem = path.stem().string();
      const bool is_signal = lower.ends_with(".dat");
      groups.push_back({{path}, is_signal ? stem + ".hea" : lower.ends_with(".json") ? stem + ".csv" : ""});
    }
    return groups;
  }

  static Group group_of(const std::vector<std::string>& names, const Files& files) {
    Group group;
    for (const std::string& name : names) {
      auto found = files.find(name);
      if (found == files.end())
        found = std::ranges::find_if(
            files, [&](const auto& file) { return archive::is_same_file_name(file.first, name); });
      if (found == files.end())
        group.missing = name;
      else if (std::ranges::find(group.files, found->second) == group.files.end())
        group.files.push_back(found->second);
    }
    return group;
  }

  // The names of the files of each WFDB record, but for those that are segments of another.
  std::map<std::string, std::vector<std::string>> records_in(const Files& files) const {
    std::map<std::string, std::vector<std::string>> records;
    for (const auto& [name, path] : files)
      if (folded(name).ends_with(".hea")) records.emplace(name, names_of_record(path));
    std::set<std::string> segments;  // folded
    for (const auto& [name, names] : records)
      for (const std::string& part : names)
        if (!archive::is_same_file_name(part, name)) segments.insert(folded(part));
    std::erase_if(records, [&](const auto& record) { return segments.contains(folded(record.first)); });
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

  // Whether none of the group's files came within kPatience.
  bool has_waited_long(const Group& group, Instant time) {
    return std::ranges::all_of(group.files, [&](const fs::path& path) {
      return time - waiting_since.try_emplace(path, time).first->second >= kPatience;
    });
  }

  void take_group(const std::vector<fs::path>& group) {
    try {
      std::vector<archive::NamedBytes> files;
      files.reserve(group.size());
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
    int done = 0;
    std::set<fs::path> waiting;
    const Instant time = clock();
    for (const Group& group : groups()) {
      const auto is_there = [](const fs::path& path) { return fs::exists(path); };
      if (!std::ranges::all_of(group.files, is_there)) continue;  // it was part of another, just taken
      if (group.missing.empty()) {
        take_group(group.files);
        ++done;
      } else if (has_waited_long(group, time)) {
        refuse(group.files, Error(ErrorCode::not_found, "What belongs to it did not come within an hour",
                                  group.missing, "Put all files of a recording there together"));
        ++done;
      } else {
        waiting.insert(group.files.begin(), group.files.end());
      }
    }
    std::erase_if(waiting_since, [&](const auto& seen) { return !waiting.contains(seen.first); });
    return done;
  }

  void scan_quietly() {
    try {
      scan();
    } catch (const std::exception& error) {
      log_error("drop-folder-failed", {{"folder", folder.string()}, {"reason", error.what()}});
    }
  }

  // Returns also when kLookAgain is over, for what waits in vain. True while the folder is to be watched.
  bool wait_for_change() const {
    std::array<pollfd, 2> sources{{{watch.number(), POLLIN, 0}, {wake.number(), POLLIN, 0}}};
    while (poll(sources.data(), sources.size(), kLookAgain) < 0 && errno == EINTR) {
    }
    std::array<char, 4096> ignored;
    while (read(watch.number(), ignored.data(), ignored.size()) > 0) {
    }
    return (sources[1].revents & POLLIN) == 0;
  }

  fs::path folder;
  Take take;
  Clock clock;
  std::map<fs::path, Instant> waiting_since;
  FileDescriptor watch, wake;
  std::mutex scanning;
  std::thread watcher;
};

DropFolder::DropFolder(fs::path folder, Take take, Clock clock)
    : state_(std::make_unique<State>(std::move(folder), std::move(take), std::move(clock))) {}

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
