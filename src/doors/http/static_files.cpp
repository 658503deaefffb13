#include "doors/http/static_files.h"

#include <map>
#include <mutex>

#include "base/encoding.h"
#include "base/error.h"
#include "base/file.h"
#include "base/resource.h"
#include "doors/http/compression.h"
#include "doors/http/media_type.h"
#include "doors/http/response_head.h"
#include "doors/http/text.h"

namespace meridian::doors::http {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kLargestFile = 64u << 20;

// What OHIF needs beyond the console: its decoders are WebAssembly, some run in workers that it makes itself,
// and its packers of arrays are functions made from text.
constexpr const char* kViewerPolicy =
    "default-src 'self'; script-src 'self' 'wasm-unsafe-eval' 'unsafe-eval' blob:; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; "
    "connect-src 'self' data: blob:; worker-src 'self' blob:; object-src 'none'; base-uri 'self'; "
    "form-action 'self'; frame-ancestors 'self'";

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

// As they are sent: compressed where that pays, which is kept; the others are read each time.
struct File {
  fs::path path;
  std::string_view media_type;
  std::string tag, compressed;
};

class StaticFiles {
 public:
  // Only what is found here is ever served, whatever a client asks for.
  explicit StaticFiles(Site site) : site_(std::move(site)) {
    if (site_.folder.empty()) return;
    for (const fs::directory_entry& entry : fs::recursive_directory_iterator(site_.folder)) {
      if (!entry.is_regular_file() || entry.is_symlink()) continue;
      const auto type = media_types().find(entry.path().extension().string());
      files_[entry.path().lexically_relative(site_.folder).generic_string()] = {
          entry.path(), type == media_types().end() ? "application/octet-stream" : type->second, {}, {}};
    }
  }

  Response serve(const Request& request) {
    if (files_.empty() && request.captured.empty())
      throw Error(ErrorCode::unavailable, site_.name + " has not been built", site_.folder_name,
                  "Run make, then start the node again");
    const std::string path = path_of(request);
    auto found = files_.find(path);
    if (found == files_.end() && !files_.empty() && wants_page(request)) {
      if (!site_.routes_itself) return to_first_page(path);
      found = files_.find(kFirstPage);
    }
    if (found == files_.end())
      throw Error(ErrorCode::not_found, "There is nothing at this address", request.target.substr(0, 200));
    Response response = answer(request, found->second, found->first);
    if (!site_.content_policy.empty()) response.headers.add(kContentPolicy, site_.content_policy);
    return response;
  }

 private:
  static constexpr const char* kFirstPage = "index.html";

  static std::string path_of(const Request& request) {
    std::string path;
    for (const std::string& segment : request.captured) path += (path.empty() ? "" : "/") + segment;
    return path.empty() ? kFirstPage : path;
  }

  // A site that keeps its own addresses after a #.
  static Response to_first_page(const std::string& path) {
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

  // What is kept of a file is found the first time that it is asked for.
  void prepare(File& file) {
    const std::lock_guard lock(mutex_);
    if (!file.tag.empty()) return;
    const std::string bytes = read_file(file.path, kLargestFile);
    if (worth_compressing(file.media_type, bytes.size())) file.compressed = gzipped(bytes);
    file.tag = "\"" + to_hex(sha256(bytes)).substr(0, 32) + "\"";
  }

  static bool has_tag(std::string_view if_none_match, std::string_view tag) {
    for (std::string_view one : split_unquoted(if_none_match, ',')) {
      if (one.starts_with("W/")) one.remove_prefix(2);
      if (one == tag || one == "*") return true;
    }
    return false;
  }

  Response answer(const Request& request, File& file, const std::string& path) {
    prepare(file);
    Response response;
    response.headers.add("ETag", file.tag);
    // Vite puts a digest of the content into the names of what it puts into assets/.
    response.headers.add("Cache-Control", !site_.routes_itself && path.starts_with("assets/")
                                              ? "public, max-age=31536000, immutable"
                                              : "no-cache");
    response.headers.add("Vary", "Accept-Encoding");
    if (has_tag(request.headers.get("If-None-Match"), file.tag)) {
      response.status = 304;
      return response;
    }
    response.media_type = file.media_type;
    const bool compress =
        !file.compressed.empty() && accepts_coding(request.headers.get("Accept-Encoding"), "gzip");
    response.headers.add("Content-Encoding", compress ? "gzip" : "identity");
    response.body = compress ? file.compressed : read_file(file.path, kLargestFile);
    return response;
  }

  const Site site_;
  std::mutex mutex_;
  std::map<std::string, File> files_;
};

fs::path folder_or_nothing(std::string_view name) {
  try {
    return resource(name);
  } catch (const Error&) {
    return {};
  }
}

}  // namespace

Site console_site() {
  return {.name = "The console", .folder_name = "web/dist", .folder = folder_or_nothing("web/dist")};
}

Site viewer_site() {
  return {.name = "The viewer",
          .prefix = "/viewer",
          .folder_name = "web/viewer/dist",
          .folder = folder_or_nothing("web/viewer/dist"),
          .routes_itself = true,
          .content_policy = kViewerPolicy};
}

void add_static_files(Router& router, const Site& site) {
  const auto files = std::make_shared<StaticFiles>(site);
  router.add(Method::get, site.prefix + "/{path...}", Permission::everyone(),
             [files](Request& request) { return files->serve(request); });
}

}  // namespace meridian::doors::http
