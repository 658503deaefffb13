#include "doors/http/dicomweb_arriving.h"

#include <optional>
#include <utility>

#include "archive/attribute_xml.h"
#include "archive/json_dataset.h"
#include "archive/transfer_syntax.h"
#include "doors/http/media_type.h"
#include "doors/http/multipart.h"

namespace meridian::doors::http {
namespace {

constexpr const char *kDicom = "application/dicom", *kJson = "application/dicom+json",
                     *kXml = "application/dicom+xml";

MediaType type_of(const Part& part) {
  return MediaType::parse(part.headers.get("Content-Type"));
}

bool is_dicom(const Part& part) {
  const std::string type = type_of(part).name;
  return type.empty() || type == kDicom;
}

Arriving file_of(const Part& part) {
  if (is_dicom(part)) return {.bytes = std::string(part.bytes), .refused = {}};
  return {.bytes = {},
          .refused = Error(ErrorCode::unsupported_media_type,
                           "A part is no application/dicom: " + type_of(part).name.substr(0, 64),
                           "Content-Type", "Send each instance as application/dicom")};
}

// Of plain bytes: empty. Throws unsupported_media_type.
std::string transfer_syntax_of(const Part& part) {
  const MediaType type = type_of(part);
  if (const std::string_view named = type.parameter("transfer-syntax"); !named.empty())
    return std::string(named);
  if (!type.name.starts_with("image/") && !type.name.starts_with("video/")) return {};
  const std::string_view syntax = archive::default_transfer_syntax(type.name);
  if (syntax.empty())
    throw Error(ErrorCode::unsupported_media_type, "Pixels of this media type are not taken",
                type.name.substr(0, 64));
  return std::string(syntax);
}

// Compressed frames are parts of one location, in their order.
archive::BulkData bulk_of(const std::vector<Part>& parts, const std::string& uri) {
  std::optional<archive::BulkData> bulk;
  for (const Part& part : parts) {
    if (uri.empty() || part.headers.get("Content-Location") != uri) continue;
    if (bulk)
      bulk->further_frames.push_back(part.bytes);
    else
      bulk = archive::BulkData{part.bytes, transfer_syntax_of(part)};
  }
  if (bulk) return std::move(*bulk);
  throw Error(ErrorCode::invalid_structure, "No part of the request has these bulk data", uri.substr(0, 200),
              "Name the part by its Content-Location");
}

Json name_of(const Json& dataset) {
  Json named = Json::object();
  const auto copy = [&](const char* from, const char* to) {
    if (const Json* attribute = dataset.find(from)) named[to] = *attribute;
  };
  copy("00080016", "00081150");
  copy("00080018", "00081155");
  return named;
}

Arriving compose(const Json& dataset, const std::vector<Part>& parts) {
  Arriving arriving;
  arriving.named = name_of(dataset);
  try {
    arriving.bytes =
        archive::compose_from_json(dataset, [&](const std::string& uri) { return bulk_of(parts, uri); });
  } catch (const Error& error) {
    arriving.refused = error;
  }
  return arriving;
}

// The data sets of a part: none where it is bulk data.
std::vector<Json> datasets_of(const Part& part) {
  const std::string type = type_of(part).name;
  if (type == kXml) return {archive::read_dicom_xml(part.bytes)};
  if (type != kJson && type != "application/json") return {};
  Json metadata = Json::parse(part.bytes);
  if (!metadata.is_array()) return {std::move(metadata)};
  return std::move(metadata.items());
}

std::vector<Arriving> from_metadata(std::string_view body, const MediaType& type) {
  const std::vector<Part> parts = parse_multipart(body, type);
  std::vector<Arriving> arriving;
  for (const Part& part : parts) {
    try {
      for (const Json& dataset : datasets_of(part)) arriving.push_back(compose(dataset, parts));
    } catch (const Error& error) {
      arriving.push_back({.bytes = {}, .refused = error});
    }
  }
  return arriving;
}

std::vector<Arriving> from_files(std::string body, const MediaType& type) {
  const std::vector<Part> parts = parse_multipart(body, type);
  std::vector<Arriving> arriving;
  if (parts.size() == 1 && is_dicom(parts.front()) && !parts.front().bytes.empty()) {
    // What is around it goes, so that it need not be copied into other memory.
    const std::string_view bytes = parts.front().bytes;
    const auto begin = static_cast<std::size_t>(bytes.data() - body.data());
    body.resize(begin + bytes.size());
    body.erase(0, begin);
    arriving.push_back({.bytes = std::move(body), .refused = {}});
    return arriving;
  }
  arriving.reserve(parts.size());
  for (const Part& part : parts) arriving.push_back(file_of(part));
  return arriving;
}

}  // namespace

std::vector<Arriving> arriving_instances(Request& request) {
  const MediaType type = MediaType::parse(request.headers.get("Content-Type"));
  std::string body = request.body.take();
  std::vector<Arriving> arriving;
  if (type.name == kDicom)
    arriving.push_back({.bytes = std::move(body), .refused = {}});
  else if (type.name != "multipart/related")
    throw Error(ErrorCode::unsupported_media_type, "Instances come as multipart/related of application/dicom",
                "Content-Type",
                "Send multipart/related; type=\"application/dicom\", \"application/dicom+json\" or "
                "\"application/dicom+xml\"");
  else if (type.parameter("type") == kJson || type.parameter("type") == kXml)
    arriving = from_metadata(body, type);
  else
    arriving = from_files(std::move(body), type);
  if (arriving.empty()) throw Error(ErrorCode::invalid_request, "The body holds no instance");
  return arriving;
}

}  // namespace meridian::doors::http
