// Which process this is, and whether another still runs.
#pragma once
#include <string>

namespace meridian::storage {

// Names this process and no later one of the same number, on this start of this machine.
std::string this_process();
// False only when the process named is certainly gone: of this machine and no longer running.
bool may_be_running(const std::string& process);

}  // namespace meridian::storage
