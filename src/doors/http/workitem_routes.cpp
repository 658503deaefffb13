// UPS-RS (PS3.18, 11): work items, who performs them, and who is told.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <mutex>

#include "archive/attribute_json.h"
#include "archive/attribute_xml.h"
#include "archive/dictionary.h"
#include "archive/parse.h"
#include "base/error.h"
#include "doors/http/dicomweb_accept.h"
#include "doors/http/media_type.h"
#include "doors/http/page.h"
#include "doors/http/routes.h"
#include "doors/http/text.h"
#include "doors/http/web_socket.h"

namespace meridian::doors::http {
namespace {

using care::WorkitemKey;
using care::Workitems;

constexpr std::array<std::string_view, 8> kOptions{"includefield", "fuzzymatching", "limit",        "offset",
                                                   "accept",       "charset",       "deletionlock", "filter"};

// The one data set of the body, in JSON or XML; an empty one where the body may be left out.
Json dataset_of(Request& request, bool optional = false) {
  if (optional && request.body.size() == 0) return Json::object();
  const std::string type = MediaType::parse(request.headers.get("Content-Type")).name;
  if (type == "application/dicom+xml") return archive::read_dicom_xml(request.body.take());
  if (type != "application/dicom+json" && type != "application/json")
    throw Error(ErrorCode::unsupported_media_type, "A work item comes as one data set", "Content-Type",
                "Send application/dicom+json or application/dicom+xml");
  Json body = Json::parse(request.body.take());
  if (!body.is_array()) return body;
  if (body.size() != 1) throw Error(ErrorCode::invalid_structure, "One data set is sent at a time");
  return std::move(body.items().front());
}

// The UID of the query, which has a name or stands alone: POST /workitems?1.2.3.
std::string uid_of(const Request& request, std::initializer_list<std::string_view> names) {
  for (const auto& [name, value] : request.query) {
    if (value.empty() && archive::is_uid(name)) return name;
    if (std::ranges::find(names, name) != names.end()) return value;
  }
  return {};
}

WorkitemKey key_of(std::string_view name, std::string value) {
  WorkitemKey key{.path = {}, .value = std::move(value)};
  while (!name.empty()) {
    const auto dot = std::min(name.find('.'), name.size());
    const auto tag = archive::find_tag(std::string(name.substr(0, dot)));
    if (!tag)
      throw Error(ErrorCode::invalid_request, "There is no attribute of this name",
                  std::string(name.substr(0, 64)), "Name it by keyword or tag");
    key.path.push_back(fmt::format("{:08X}", *tag));
    name.remove_prefix(std::min(dot + 1, name.size()));
  }
  return key;
}

std::vector<WorkitemKey> keys_of(const Request& request) {
  std::vector<WorkitemKey> keys;
  for (const auto& [name, value] : request.query)
    if (std::ranges::find(kOptions, name) == kOptions.end()) keys.push_back(key_of(name, value));
  const std::string filter = request.parameter("filter");
  for (const std::string_view pair : split_unquoted(filter, ',')) {
    if (pair.empty()) continue;
    const auto equals = std::min(pair.find('='), pair.size());
    keys.push_back(
        key_of(pair.substr(0, equals), std::string(pair.substr(std::min(equals + 1, pair.size())))));
  }
  return keys;
}

Response create(const Workitems& items, Request& request) {
  const std::string uid = uid_of(request, {"workitem", "AffectedSOPInstanceUID"});
  const std::string made = items.create(request.principal(), uid, dataset_of(request));
  Response response = Response::empty(201);
  response.headers.add("Location", "/dicomweb/workitems/" + made);
  response.headers.add("Content-Location", "/dicomweb/workitems/" + made);
  return response;
}

Response search(const Workitems& items, const Request& request) {
  const DatasetFormat format(request);
  const Page page = page_of(request);
  std::vector<Json> found = items.find(
      request.principal(), {.keys = keys_of(request), .offset = page.offset, .limit = page.limit + 1});
  if (found.empty()) return Response::empty(204);
  const bool more = std::ssize(found) > page.limit;
  if (more) found.pop_back();
  Response response = format.respond(Json(Json::Array(found.begin(), found.end())));
  if (more) warn_of_more(response);
  return response;
}

Response retrieve(const Workitems& items, const Request& request) {
  const DatasetFormat format(request);
  return format.respond(Json::array({items.read(request.principal(), request.captured[0])}));
}

Response update(const Workitems& items, Request& request) {
  const Json attributes = dataset_of(request);
  const std::string in_query = uid_of(request, {"transaction", "transactionUID", "TransactionUID"});
  items.update(request.principal(), request.captured[0],
               in_query.empty() ? archive::first_value(attributes, "00081195") : in_query, attributes);
  return Response::empty(200);
}

Response change_state(const Workitems& items, Request& request) {
  const Json asked = dataset_of(request);
  const std::string state = archive::first_value(asked, "00741000");
  const bool changed = items.change_state(request.principal(), request.captured[0], state,
                                          archive::first_value(asked, "00081195"));
  Response response = Response::empty(200);
  if (!changed)
    response.headers.add("Warning",
                         "299 meridian \"The UPS is already in the requested state of " + state + ".\"");
  return response;
}

Response request_cancel(const Workitems& items, Request& request) {
  items.request_cancel(request.principal(), request.captured[0], dataset_of(request, true));
  return Response::empty(202);
}

std::string channel_of(const Request& request) {
  return (request.secure ? "wss://" : "ws://") + std::string(request.headers.get("Host")) +
         "/dicomweb/subscribers/" + request.captured[1];
}

Response subscribe(const Workitems& items, const Request& request) {
  items.subscribe(request.principal(), request.captured[0], request.captured[1], keys_of(request));
  Response response = Response::empty(201);
  response.headers.add("Content-Location", channel_of(request));
  return response;
}

Response unsubscribe(const Workitems& items, const Request& request) {
  items.unsubscribe(request.principal(), request.captured[0], request.captured[1]);
  return Response::empty(200);
}

Response suspend(const Workitems& items, const Request& request) {
  if (request.captured[0] != care::kGlobalSubscription &&
      request.captured[0] != care::kFilteredGlobalSubscription)
    throw Error(ErrorCode::invalid_request, "Only a global subscription is suspended", request.captured[0]);
  items.suspend(request.principal(), request.captured[1]);
  return Response::empty(200);
}

// Reports on their way to a WebSocket, which may still have to be agreed on.
class Channel {
 public:
  void say(const std::string& report) {
    const std::lock_guard lock(mutex_);
    if (!open_)
      waiting_.push_back(report);
    else if (const auto socket = socket_.lock())
      socket->send(report);
  }
  void open(const std::shared_ptr<WebSocket>& socket) {
    const std::lock_guard lock(mutex_);
    open_ = true;
    socket_ = socket;
    for (std::string& report : waiting_) socket->send(std::move(report));
    waiting_.clear();
  }

 private:
  std::mutex mutex_;
  bool open_ = false;
  std::weak_ptr<WebSocket> socket_;
  std::vector<std::string> waiting_;
};

// It is listened before the client is told so: what it subscribes to next reaches it.
Response listen(const Workitems& items, const Request& request) {
  require_own_page(request);
  const auto channel = std::make_shared<Channel>();
  std::shared_ptr<void> listening =
      items.listen(request.principal(), request.captured[0],
                   [channel](const std::string& report) { channel->say(report); });
  return web_socket_response(request, [channel, listening](const std::shared_ptr<WebSocket>& socket) {
    socket->keep(listening);
    channel->open(socket);
  });
}

// A data set that is not as PS3.4 wants it is a bad request here (PS3.18, 11.4.3).
Response answered(const std::function<Response()>& action) {
  try {
    return action();
  } catch (const Error& error) {
    if (error.code() != ErrorCode::invalid_structure) throw;
    throw Error(ErrorCode::invalid_request, error.what(), error.where(), error.advice());
  }
}

}  // namespace

void add_workitem_routes(Router& router, const Services& services) {
  const Workitems& items = services.care.workitems;
  const Permission readers = Permission::of(trust::Act::read, "Task"),
                   writers = Permission::of(trust::Act::write, "Task");
  const auto add = [&](Method method, const std::string& pattern, const Permission& permission, auto action) {
    router.add(method, "/dicomweb" + pattern, permission, [&items, action](Request& request) {
      return answered([&] { return action(items, request); });
    });
  };
  const std::string item = "/workitems/{workitem}", subscriber = item + "/subscribers/{title}";
  add(Method::post, "/workitems", writers, create);
  add(Method::get, "/workitems", readers, search);
  add(Method::get, item, readers, retrieve);
  add(Method::post, item, writers, update);
  add(Method::put, item + "/state", writers, change_state);
  add(Method::post, item + "/cancelrequest", writers, request_cancel);
  add(Method::post, subscriber, readers, subscribe);
  add(Method::remove, subscriber, readers, unsubscribe);
  add(Method::post, subscriber + "/suspend", readers, suspend);
  add(Method::get, "/subscribers/{title}", readers, listen);
}

}  // namespace meridian::doors::http
