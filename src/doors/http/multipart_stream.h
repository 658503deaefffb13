// A multipart/related answer whose parts are made while it is sent, so that many take no more memory than a
// few of them.
#pragma once
#include <cstddef>
#include <functional>
#include <string>

#include "doors/http/message.h"

namespace meridian::doors::http {

struct MadePart {
  std::string media_type, bytes, location;
};

// of: the media type of the parts. make: the part of this number, from 0. The first, and those after it that
// are sent together with it, are made here, and throw what is wrong with them; what a later one throws breaks
// the answer off.
Response stream_parts(const std::string& of, std::size_t parts, std::function<MadePart(std::size_t)> make);

}  // namespace meridian::doors::http
