#include "doors/http/static_files.h"

#include <map>
#include <mutex>

#include "base/encoding.h"
#include "base/error.h"
#include "base/file.h"
#include "base/resource.h"
#include "doors/http/compression.h"
#include "doors/http/media_type.h"
#include "doors/http/text.h"

namespace meridian::doors::http {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kLargestFile = 64u << 20;

const std::map<std::string_view, std::string_view>& media_types() {
  static const std::map<std::string_view, std::string_view> types{
      {".html", "text/html; charset=utf-8"},
      {".js", "text/javascript; charset=utf-8"},
      {".mjs", "text/javascript; charset=utf-8"},
      {".css", "text/css; charset=utf-8"},
      {".json", "application/json"},
      {".map", "application/json"},
      {".svg", "image/svg+xml"},
      {".png", "image/png"},
      {".jpg", "image/jpeg"},
      {".ico", "image/x-icon"},
      {".webp", "image/webp"},
      {".woff2", "font/woff2"},
      {".woff", "font/woff"},
      {".wasm", "application/wasm"},
      {".txt", "text/plain; charset=utf-8"},
      {".webmanifest", "application/manifest+json"}};
  return types;
}

struct File {
  fs::path path;
  std::string_view media_type;
  std::string bytes, compressed, tag;  // compressed: empty when it does not pay
};

class StaticFiles {
 public:
  // Only what is found here is ever served, whatever a client asks for.
  explicit StaticFiles(const fs::path& folder) {
    if (folder.empty()) return;
    for (const fs::directory_entry& entry : fs::recursive_directory_iterator(folder)) {
      if (!entry.is_regular_file() || entry.is_symlink()) continue;
      const auto type = media_types().find(entry.path().extension().string());
      files_[entry.path().lexically_relative(folder).generic_string()] = {
          entry.path(), type == media_types().end() ? "application/octet-stream" : type->second, {}, {}, {}};
    }
  }

  Response serve(const Request& request) {
    const std::string path = path_of(request);
    auto found = files_.find(path);
    if (found == files_.end() && !files_.empty() && wants_page(request)) return to_console(path);
    if (found == files_.end()) not_here(request);
    const File file = load(found->second);
    return answer(request, file, found->first);
  }

 private:
  static std::string path_of(const Request& request) {
    std::string path;
    for (const std::string& segment : request.captured) path += (path.empty() ? "" : "/") + segment;
    return path.empty() ? "index.html" : path;
  }

  // The console keeps its own addresses after a #.
  static Response to_console(const std::string& path) {
    constexpr std::string_view kPlain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./";
    Response response = Response::empty(302);
    response.headers.add("Location",
                         path.find_first_not_of(kPlain) == std::string::npos ? "/#/" + path : "/");
    return response;
  }

  static bool wants_page(const Request& request) {
    const std::string_view accept = request.headers.get("Accept");
    return accept.find("text/html") != std::string_view::npos;
  }

  [[noreturn]] void not_here(const Request& request) const {
    if (files_.empty() && request.captured.empty())
      throw Error(ErrorCode::unavailable, "The console has not been built", "web/dist",
                  "Run make, then start the node again");
    throw Error(ErrorCode::not_found, "There is nothing at this address", request.target.substr(0, 200));
  }

  // The first time it is asked for.
  File load(File& file) {
    const std::lock_guard lock(mutex_);
    if (!file.tag.empty()) return file;
    file.bytes = read_file(file.path, kLargestFile);
    if (worth_compressing(file.media_type, file.bytes.size())) file.compressed = gzipped(file.bytes);
    file.tag = "\"" + to_hex(sha256(file.bytes)).substr(0, 32) + "\"";
    return file;
  }

  static bool has_tag(std::string_view if_none_match, std::string_view tag) {
    for (std::string_view one : split_unquoted(if_none_match, ',')) {
      if (one.starts_with("W/")) one.remove_prefix(2);
      if (one == tag || one == "*") return true;
    }
    return false;
  }

  static Response answer(const Request& request, const File& file, const std::string& path) {
    Response response;
    response.headers.add("ETag", file.tag);
    // Vite puts a digest of the content into the names of what it puts into assets/.
    response.headers.add("Cache-Control",
                         path.starts_with("assets/") ? "public, max-age=31536000, immutable" : "no-cache");
    response.headers.add("Vary", "Accept-Encoding");
    if (has_tag(request.headers.get("If-None-Match"), file.tag)) {
      response.status = 304;
      return response;
    }
    response.media_type = file.media_type;
    const bool compress =
        !file.compressed.empty() && accepts_coding(request.headers.get("Accept-Encoding"), "gzip");
    response.headers.add("Content-Encoding", compress ? "gzip" : "identity");
    response.body = compress ? file.compressed : file.bytes;
    return response;
  }

  std::mutex mutex_;
  std::map<std::string, File> files_;
};

}  // namespace

fs::path console_folder() {
  try {
    return resource("web/dist");
  } catch (const Error&) {
    return {};
  }
}

void add_static_files(Router& router, const fs::path& folder) {
  const auto files = std::make_shared<StaticFiles>(folder);
  router.add(Method::get, "/{path...}", Permission::everyone(),
             [files](Request& request) { return files->serve(request); });
}

}  // namespace meridian::doors::http
