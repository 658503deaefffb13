#include "archive/slide/slide_file.h"
#include "base/error.h"
#include "care/remarks.h"
#include "doors/http/multipart.h"
#include "doors/http/routes.h"
#include "doors/http/target.h"

namespace meridian::doors::http {
namespace {

using care::Care;

std::vector<std::string> texts(const Json& body, std::string_view member) {
  std::vector<std::string> list;
  const Json* values = body.find(member);
  if (!values || values->is_null()) return list;
  for (const Json& value : values->items()) list.push_back(value.as_string());
  return list;
}

// The console keeps it as it was given: a text.
std::int64_t version_of(const Json& version) {
  return version.is_string() ? Json(Json::Number{version.as_string()}).as_int() : version.as_int();
}

std::optional<care::Reports::Seen> seen_of(const Json& body) {
  const Json* seen = body.find("seen");
  if (!seen || seen->is_null()) return std::nullopt;
  care::Reports::Seen result{texts(*seen, "recordings"), {}};
  if (const Json* drafts = seen->find("drafts"))
    for (const Json& draft : drafts->items())
      result.drafts.emplace_back(draft.text("id"), version_of(draft.get("version")));
  return result;
}

care::Reports::Text report_text(const Json& body) {
  care::Reports::Text text{body.text("text"), texts(body, "accepted"), {}};
  const Json* version = body.find("version");
  if (version && !version->is_null()) text.version = version_of(*version);
  text.seen = seen_of(body);
  return text;
}

Response worklist(const Care& care, const Request& request) {
  care::WorklistFilter filter;
  filter.queue = request.parameter("queue", filter.queue);
  filter.search = request.parameter("search");
  filter.modality = request.parameter("modality");
  filter.organization = request.parameter("organization");
  filter.offset = static_cast<int>(request.number("offset", 0, 0, 1'000'000));
  filter.limit = static_cast<int>(request.number("limit", 50, 1, 500));
  return Response::json(care.worklist.list(request.principal(), filter));
}

Response open_case(const Care& care, Request& request) {
  const Json body = request.json();
  return Response::json(care.cases.open(request.principal(), {body.text("patient"), body.text("reason"),
                                                              body.text("priority", "routine")}),
                        201);
}

// What the file is called that is the whole body.
std::string uploaded_name(const Request& request) {
  return parse_form("name=" + std::string(request.headers.get("X-File-Name"))).front().second;
}

// What was uploaded: one file as the body, or several as a form.
std::vector<archive::NamedBytes> uploaded_files(Request& request) {
  const MediaType type = MediaType::parse(request.headers.get("Content-Type"));
  std::string body = request.body.take();
  std::vector<archive::NamedBytes> files;
  if (type.name != "multipart/form-data") {
    files.push_back({uploaded_name(request), std::move(body)});
    return files;
  }
  for (const Part& part : parse_multipart(body, type))
    if (!part.file_name.empty()) files.push_back({part.file_name, std::string(part.bytes)});
  return files;
}

std::vector<care::Taken> take_in(const Care& care, Request& request, const care::Origin& origin) {
  // A whole slide goes from file to file, however large it is.
  if (request.body.spooled() && archive::may_be_slide(request.body.file()))
    return care.intake.receive_slide(request.body.file(), uploaded_name(request), origin);
  const std::vector<archive::NamedBytes> files = uploaded_files(request);
  if (files.empty())
    throw Error(ErrorCode::invalid_request, "No file was sent", {}, "Send at least one file");
  return care.intake.receive_files(files, origin);
}

Response record(const Care& care, Request& request) {
  Json instances = Json::array();
  std::vector<std::string> flaws;
  const care::Origin origin{request.principal(),
                            "console",
                            {},
                            request.captured.front(),
                            std::string(request.headers.get("X-Modality")),
                            std::string(request.headers.get("X-Body-Part"))};
  for (const care::Taken& taken : take_in(care, request, origin)) {
    instances.push_back(taken.instance);
    flaws.insert(flaws.end(), taken.flaws.begin(), taken.flaws.end());
  }
  return Response::json(
      Json::object({{"instances", std::move(instances)}, {"flaws", care::json_of_remarks(flaws)}}), 202);
}

Response ask(const Care& care, Request& request) {
  const Json body = request.json();
  return Response::json(care.consultations.ask(request.principal(), request.captured.front(),
                                               {body.text("organization"), body.text("question"),
                                                body.text("priority", "routine")}),
                        201);
}

Response samples(const Care& care, const Request& request) {
  const auto real = [&](const char* name, double otherwise) {
    const std::string text = request.parameter(name);
    if (text.empty()) return otherwise;
    char* end = nullptr;
    const double value = std::strtod(text.c_str(), &end);
    if (*end != '\0') throw Error(ErrorCode::invalid_request, "This must be a number", name);
    return value;
  };
  return Response::json(care.recordings.samples(request.principal(), request.captured.front(),
                                                {real("from", 0), real("seconds", 10), real("rate", 0)}));
}

Response printed_ecg(const Care& care, const Request& request) {
  const bool chinese = request.parameter("lang", "en").starts_with("zh");
  Response response = Response::text(
      care.ecg_reports.pdf(request.principal(), request.captured[0], request.captured[1], chinese),
      "application/pdf");
  response.headers.add("Content-Disposition", "inline; filename=\"ecg.pdf\"");
  return response;
}

Response events(Care& care, const Request& request) {
  Response response = Response::text({}, "text/event-stream");
  response.events = [&care, principal = request.principal()](const std::shared_ptr<EventStream>& stream) {
    // The stream keeps the subscription, so the subscription must not keep the stream.
    auto subscription =
        care.events.subscribe(principal, [weak = std::weak_ptr(stream)](const care::Event& event) {
          if (const auto alive = weak.lock()) alive->send(event.name, event.data);
        });
    stream->keep(std::shared_ptr<care::Events::Subscription>(std::move(subscription)));
    stream->send("ready", {});  // what changed before, the client asks for now
  };
  return response;
}

void add_lists(Router& router, Care& care) {
  const Permission people = Permission::signed_in();
  router.add(Method::get, "/care/worklist", people,
             [&care](Request& request) { return worklist(care, request); });
  router.add(Method::get, "/care/home", people,
             [&care](Request& request) { return Response::json(care.cases.home(request.principal())); });
  router.add(Method::get, "/care/organizations", people, [&care](Request& request) {
    return Response::json(care.cases.organizations(request.principal()));
  });
  router.add(Method::get, "/care/messages", people,
             [&care](Request& request) { return Response::json(care.messages.list(request.principal())); });
  router.add(Method::post, "/care/messages/{id}/read", people, [&care](Request& request) {
    return Response::json(care.messages.mark_read(request.principal(), request.captured.front()));
  });
  router.add(Method::get, "/care/events", people,
             [&care](Request& request) { return events(care, request); });
  router.add(Method::get, "/care/recordings/{instance}", people,
             [&care](Request& request) { return samples(care, request); });
}

void add_cases(Router& router, Care& care, std::uint64_t largest_upload) {
  const Permission writers = Permission::of(trust::Act::write, "Encounter");
  router.add(Method::post, "/care/cases", writers,
             [&care](Request& request) { return open_case(care, request); });
  router.add(Method::get, "/care/cases/{id}", Permission::of(trust::Act::read, "Encounter"),
             [&care](Request& request) {
               return Response::json(care.cases.page(request.principal(), request.captured.front()));
             });
  router.add(Method::get, "/care/cases/{id}/recordings/{instance}/report.pdf",
             Permission::of(trust::Act::read, "Encounter"),
             [&care](Request& request) { return printed_ecg(care, request); });
  router.add(Method::post, "/care/cases/{id}/recordings", writers,
             [&care](Request& request) { return record(care, request); }, {.largest_body = largest_upload});
  router.add(Method::post, "/care/cases/{id}/facts", Permission::of(trust::Act::write, "Observation"),
             [&care](Request& request) {
               const Json body = request.json();
               return Response::json(care.cases.note_fact(request.principal(), request.captured.front(),
                                                          body.text("fact"), body.get("value")),
                                     201);
             });
  router.add(Method::post, "/care/cases/{id}/claim", writers, [&care](Request& request) {
    return Response::json(care.cases.claim(request.principal(), request.captured.front()));
  });
  router.add(Method::post, "/care/cases/{id}/release", writers, [&care](Request& request) {
    return Response::json(care.cases.release(request.principal(), request.captured.front()));
  });
  router.add(Method::post, "/care/cases/{id}/consultation", Permission::of(trust::Act::request_opinion),
             [&care](Request& request) { return ask(care, request); });
  router.add(Method::post, "/care/cases/{id}/question", writers, [&care](Request& request) {
    return Response::json(care.consultations.return_with_question(
        request.principal(), request.captured.front(), request.json().text("text")));
  });
}

void add_reports(Router& router, const Care& care) {
  const Permission signers = Permission::of(trust::Act::sign, "DiagnosticReport");
  router.add(Method::put, "/care/cases/{id}/report", signers, [&care](Request& request) {
    return Response::json(
        care.reports.save(request.principal(), request.captured.front(), report_text(request.json())));
  });
  router.add(Method::post, "/care/cases/{id}/sign", signers, [&care](Request& request) {
    return Response::json(
        care.reports.sign(request.principal(), request.captured.front(), report_text(request.json())));
  });
  router.add(Method::post, "/care/cases/{id}/drafts/{draft}/reject", signers, [&care](Request& request) {
    return Response::json(care.reports.reject(request.principal(), request.captured[0], request.captured[1],
                                              request.json().text("reason")));
  });
}

}  // namespace

void add_care_routes(Router& router, const Services& services, std::uint64_t largest_upload) {
  add_lists(router, services.care);
  add_cases(router, services.care, largest_upload);
  add_reports(router, services.care);
}

}  // namespace meridian::doors::http
