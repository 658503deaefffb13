#include "app/slide_process.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <iostream>
#include <iterator>
#include <optional>
#include <utility>

#include "base/error.h"
#include "base/file.h"

namespace meridian::app {
namespace {

constexpr rlim_t kMemory = rlim_t(6) << 30;          // bytes of address space
constexpr rlim_t kProcessor = 12 * 3600;             // seconds of all its threads together
constexpr rlim_t kLargestWritten = rlim_t(1) << 30;  // bytes of one file
constexpr rlim_t kFiles = 256;
constexpr std::size_t kLongestLine = 8192;

void limit(int resource, rlim_t most) {
  const rlimit limits{most, most};
  if (setrlimit(static_cast<__rlimit_resource>(resource), &limits) != 0)
    throw Error(ErrorCode::unavailable, std::string("A limit cannot be set: ") + std::strerror(errno));
}

void limit_this_process() {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  limit(RLIMIT_AS, kMemory);
  limit(RLIMIT_CPU, kProcessor);
  limit(RLIMIT_FSIZE, kLargestWritten);
  limit(RLIMIT_NOFILE, kFiles);
  limit(RLIMIT_CORE, 0);
}

void say(const Json& line) {
  std::printf("%s\n", line.dump().c_str());
  std::fflush(stdout);
}

class Pipe {
 public:
  Pipe() {
    if (pipe2(ends_.data(), O_CLOEXEC) != 0)
      throw Error(ErrorCode::unavailable, std::string("A pipe cannot be made: ") + std::strerror(errno));
  }
  ~Pipe() {
    close_end(0);
    close_end(1);
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;
  int end(std::size_t which) const { return ends_.at(which); }
  void close_end(std::size_t which) {
    if (ends_.at(which) >= 0) close(std::exchange(ends_.at(which), -1));
  }

 private:
  std::array<int, 2> ends_{-1, -1};  // to read from, to write to
};

// What the process needs to find its libraries' data; nothing of this one's secrets.
std::vector<std::string> environment() {
  std::vector<std::string> kept;
  for (const char* name : {"DCMDICTPATH", "LD_LIBRARY_PATH", "TMPDIR", "PATH"})
    if (const char* value = std::getenv(name)) kept.push_back(std::string(name) + "=" + value);
  return kept;
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> all;
  for (std::string& text : texts) all.push_back(text.data());
  all.push_back(nullptr);
  return all;
}

class SlideProcess {
 public:
  explicit SlideProcess(const care::SlideConversion& conversion) : conversion_(conversion) {
    std::vector<std::string> words{"meridian", "slide-process", conversion.slide, conversion.folder};
    std::vector<std::string> kept = environment();
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, facts_.end(0), STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions, said_.end(1), STDOUT_FILENO);
    posix_spawn_file_actions_addclosefrom_np(&actions, STDERR_FILENO + 1);
    const int failure = posix_spawn(&process_, "/proc/self/exe", &actions, nullptr, pointers(words).data(),
                                    pointers(kept).data());
    posix_spawn_file_actions_destroy(&actions);
    if (failure)
      throw Error(ErrorCode::unavailable,
                  std::string("The process for slides cannot be started: ") + std::strerror(failure));
    said_.close_end(1);
  }
  ~SlideProcess() {
    if (process_ <= 0) return;
    kill(process_, SIGKILL);
    waitpid(process_, nullptr, 0);
  }
  SlideProcess(const SlideProcess&) = delete;
  SlideProcess& operator=(const SlideProcess&) = delete;

  void run() {
    // Its other end is still open here, so that a process that has died already is no signal to this one.
    write_all(facts_.end(1), to_json(conversion_.facts).dump(), "the process for slides");
    facts_.close_end(1);
    facts_.close_end(0);
    std::string text;
    std::array<char, 4096> block{};
    for (;;) {
      const ssize_t got = read(said_.end(0), block.data(), block.size());
      if (got < 0 && errno == EINTR) continue;
      if (got <= 0) break;
      text.append(block.data(), static_cast<std::size_t>(got));
      take_lines(text);
    }
    int status = 0;
    while (waitpid(process_, &status, 0) < 0 && errno == EINTR) continue;
    process_ = 0;
    if (failure_) throw *failure_;
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
      throw Error(ErrorCode::corrupted, "The slide cannot be read: its reader ended before its end",
                  conversion_.slide.filename().string(), "The file is damaged, or larger than slides may be");
  }

 private:
  void take_lines(std::string& text) {
    for (std::size_t end = text.find('\n'); end != std::string::npos; end = text.find('\n')) {
      take(Json::parse(text.substr(0, end)));
      text.erase(0, end + 1);
    }
    if (text.size() > kLongestLine) throw Error(ErrorCode::internal, "The process for slides says too much");
  }

  void take(const Json& line) {
    if (const Json* error = line.find("error")) {
      const auto& table = error_table();
      const auto known = std::ranges::find(table, error->as_string(), &ErrorTraits::name);
      failure_.emplace(known == table.end() ? ErrorCode::corrupted : known->code, line.text("message"));
    } else if (conversion_.progress) {
      conversion_.progress(line.get("done").as_int(), line.get("of").as_int());
    }
  }

  const care::SlideConversion& conversion_;
  Pipe facts_, said_;
  pid_t process_ = 0;
  std::optional<Error> failure_;
};

}  // namespace

Json to_json(const archive::SlideFacts& facts) {
  return Json::object({{"patientId", facts.patient_id},
                       {"patientName", facts.patient_name},
                       {"birthDate", facts.birth_date},
                       {"sex", facts.sex},
                       {"study", facts.study_uid},
                       {"series", facts.series_uid},
                       {"container", facts.container},
                       {"description", facts.study_description},
                       {"taken", format_instant(facts.taken)}});
}

archive::SlideFacts slide_facts_of(const Json& json) {
  archive::SlideFacts facts;
  facts.patient_id = json.text("patientId");
  facts.patient_name = json.text("patientName");
  facts.birth_date = json.text("birthDate");
  facts.sex = json.text("sex");
  facts.study_uid = json.text("study");
  facts.series_uid = json.text("series");
  facts.container = json.text("container");
  facts.study_description = json.text("description");
  facts.taken = parse_instant(json.text("taken"));
  return facts;
}

care::SlideConverter slide_converter() {
  return [](const care::SlideConversion& conversion) { SlideProcess(conversion).run(); };
}

int slide_process(const std::filesystem::path& slide, const std::filesystem::path& folder) {
  try {
    limit_this_process();
    const std::string facts{std::istreambuf_iterator<char>(std::cin), {}};
    care::convert_slide_here(
        {slide, folder, slide_facts_of(Json::parse(facts)), [](std::int64_t done, std::int64_t of) {
           say(Json::object({{"done", done}, {"of", of}}));
         }});
    return 0;
  } catch (const Error& error) {
    say(Json::object({{"error", std::string(traits(error.code()).name)}, {"message", error.what()}}));
    return traits(error.code()).exit_code;
  } catch (const std::bad_alloc&) {
    say(Json::object({{"error", std::string(traits(ErrorCode::too_large).name)},
                      {"message", "The slide needs more memory than a slide may"}}));
    return traits(ErrorCode::too_large).exit_code;
  }
}

}  // namespace meridian::app
