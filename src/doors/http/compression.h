// gzip (RFC 1952) of answers.
#pragma once
#include <string>
#include <string_view>

namespace meridian::doors::http {

std::string gzipped(std::string_view bytes);
// Text of a size at which it pays.
bool worth_compressing(std::string_view media_type, std::size_t size);

}  // namespace meridian::doors::http
