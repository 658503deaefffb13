#include "app/read/output_names.h"

#include "base/error.h"
#include "base/file_name.h"

namespace meridian::app {
namespace {

std::string plain_name(const std::filesystem::path& input) {
  const std::string name = input.filename();
  return stem_of(name.ends_with(".gz") ? stem_of(name) : name);
}

}  // namespace

OutputNames::OutputNames(std::filesystem::path folder) : folder_(std::move(folder)) {
  std::error_code error;
  std::filesystem::create_directories(folder_, error);
  if (error)
    throw Error(ErrorCode::unavailable, "The folder cannot be made: " + error.message(), folder_.string());
}

std::string OutputNames::of(const std::filesystem::path& input) {
  const auto [given, is_new] = given_.try_emplace(input);
  if (is_new) {
    const std::string name = plain_name(input);
    given->second = name;
    for (int number = 2; !taken_.insert(given->second).second; ++number)
      given->second = name + "-" + std::to_string(number);
  }
  return (folder_ / given->second).string();
}

}  // namespace meridian::app
