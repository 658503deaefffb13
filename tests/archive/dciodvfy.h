// Judges DICOM files by dciodvfy, of Debian's dicom3tools.
#pragma once
#include <cstdlib>
#include <string>

#include "base/file.h"
#include "base/temporary_folder.h"

namespace meridian::archive {

// The errors that it finds in a file, a line each; it says at least what kind of object a sound one is.
inline std::string dicom_errors(const std::string& file) {
  const TemporaryFolder folder;
  const auto path = folder / "judged.dcm", said = folder / "said.txt";
  write_file(path, file);
  const int status = std::system(("dciodvfy " + path.string() + " > " + said.string() + " 2>&1").c_str());
  const std::string text = read_file(said);
  if (status == -1 || WIFSIGNALED(status) || WEXITSTATUS(status) > 125 || text.empty())
    return "dciodvfy said nothing, or broke off";
  if (text.find("not found") != std::string::npos) return text;
  std::string found;
  for (std::size_t at = 0; (at = text.find("Error", at)) != std::string::npos; ++at)
    found += text.substr(at, text.find('\n', at) - at) + "\n";
  return found;
}

}  // namespace meridian::archive
