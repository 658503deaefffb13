#include "storage/process.h"

#include <unistd.h>

#include <fstream>
#include <sstream>

namespace meridian::storage {
namespace {

std::string first_word_of(const std::string& path) {
  std::ifstream file(path);
  std::string word;
  file >> word;
  return word;
}

// When it was started, in clock ticks since the machine was: field 22 of /proc/PID/stat (proc(5)). Empty when
// there is no such process, or only its exit status is left.
std::string start_of(const std::string& pid) {
  std::ifstream file("/proc/" + pid + "/stat");
  std::string line;
  std::getline(file, line);
  const auto name_end = line.rfind(')');  // the name may hold spaces and parentheses
  if (name_end == std::string::npos) return {};
  std::istringstream fields(line.substr(name_end + 1));
  std::string field;
  fields >> field;
  if (field == "Z" || field == "X") return {};
  for (int number = 4; number <= 22; ++number) fields >> field;
  return field;
}

std::string this_machine() {
  return first_word_of("/proc/sys/kernel/random/boot_id") + "/" + first_word_of("/proc/sys/kernel/hostname");
}

std::string name_of(const std::string& pid) {
  return this_machine() + "/" + pid + "/" + start_of(pid);
}

}  // namespace

std::string this_process() {
  return name_of(std::to_string(::getpid()));
}

bool may_be_running(const std::string& process) {
  const std::string machine = this_machine() + "/";
  if (!process.starts_with(machine)) return true;
  const std::string pid_and_start = process.substr(machine.size());
  return name_of(pid_and_start.substr(0, pid_and_start.find('/'))) == process;
}

}  // namespace meridian::storage
