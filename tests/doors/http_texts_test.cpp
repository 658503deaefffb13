// What is read out of requests before any handler sees them: targets, media types, multipart bodies, routes.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "base/error_of.h"
#include "doors/http/authentication.h"
#include "doors/http/fhir_exchange.h"
#include "doors/http/fhir_format.h"
#include "doors/http/multipart.h"
#include "doors/http/multipart_stream.h"
#include "doors/http/router.h"
#include "doors/http/target.h"

namespace meridian::doors::http {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Pair;

TEST(HttpTarget, IsDecoded) {
  const Target target = parse_target("/fhir//Patient/a%20b?name=%E7%8E%8B+x&flag&a=b=c#fragment");
  EXPECT_THAT(target.segments, ElementsAre("fhir", "Patient", "a b"));
  EXPECT_THAT(target.query, ElementsAre(Pair("name", "王 x"), Pair("flag", ""), Pair("a", "b=c")));
  EXPECT_EQ(percent_encoded("a b/王"), "a%20b%2F%E7%8E%8B");
}

TEST(HttpTarget, RefusesWhatLeadsElsewhere) {
  for (const char* target :
       {"", "x", "http://host/", "/%", "/%4", "/%zz", "/%00", "/a/..", "/%2e%2e/x", "/./x", "/x?a=%0"})
    EXPECT_EQ(code_of([&] { parse_target(target); }), ErrorCode::invalid_request) << target;
}

TEST(HttpMediaType, IsReadAndChosen) {
  const MediaType type = MediaType::parse("Multipart/Related; type=\"application/dicom\"; boundary=\"a;b\"");
  EXPECT_EQ(type.name, "multipart/related");
  EXPECT_EQ(type.parameter("boundary"), "a;b");
  EXPECT_TRUE(MediaType::parse("application/fhir+json;charset=utf-8").is_json());
  EXPECT_FALSE(MediaType::parse("text/json").is_json());
  const std::string_view offers[] = {"image/jpeg", "image/png"};
  EXPECT_EQ(preferred("", offers), "image/jpeg");
  EXPECT_EQ(preferred("image/png, image/*;q=0.5", offers), "image/png");
  EXPECT_EQ(preferred("text/html", offers), "");
  EXPECT_EQ(preferred("image/*;q=0", offers), "");
  EXPECT_TRUE(accepts_coding("gzip, br", "gzip"));
  EXPECT_FALSE(accepts_coding("gzip;q=0", "gzip"));
}

MediaType form() {
  return MediaType::parse("multipart/form-data; boundary=b");
}

TEST(HttpMultipart, GivesItsParts) {
  const std::string body =
      "preamble\r\n--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"100.hea\"\r\n\r\none\r\n"
      "--b\r\nContent-Type: application/dicom\r\n\r\n\r\n--\r\n--b--\r\nepilogue";
  const std::vector<Part> parts = parse_multipart(body, form());
  ASSERT_EQ(parts.size(), 2u);
  EXPECT_EQ(parts[0].bytes, "one");
  EXPECT_EQ(parts[0].name, "file");
  EXPECT_EQ(parts[0].file_name, "100.hea");
  EXPECT_EQ(parts[1].bytes, "\r\n--");
  EXPECT_EQ(parts[1].headers.get("content-type"), "application/dicom");
}

TEST(HttpMultipart, IsReadBackAsWritten) {
  MultipartWriter writer("application/dicom");
  writer.add("application/dicom", std::string("\0\r\n--", 5), "/x");
  writer.add("application/dicom", "");
  const Response response = writer.finish();
  const std::vector<Part> parts = parse_multipart(response.body, MediaType::parse(response.media_type));
  ASSERT_EQ(parts.size(), 2u);
  EXPECT_EQ(parts[0].bytes, std::string_view("\0\r\n--", 5));
  EXPECT_EQ(parts[1].bytes, "");
}

TEST(HttpMultipart, IsSentPieceByPiece) {
  const std::vector<std::string> bytes{"small", std::string(3 << 20, 'x'), "", std::string(2 << 20, 'y'),
                                       "end"};
  const auto make = [&](std::size_t i) {
    return MadePart{"text/plain", bytes.at(i), "/" + std::to_string(i)};
  };
  const Response response = stream_parts("text/plain", bytes.size(), make);
  std::string body = response.body;
  int pieces = 1;
  for (std::string piece = response.more(); !piece.empty(); piece = response.more(), ++pieces) body += piece;
  const std::vector<Part> parts = parse_multipart(body, MediaType::parse(response.media_type));
  ASSERT_EQ(parts.size(), bytes.size());
  for (std::size_t i = 0; i < parts.size(); ++i) EXPECT_EQ(parts[i].bytes, bytes[i]);
  EXPECT_GT(pieces, 1);
  // What is wrong with the first piece is said; what is wrong later ends the answer.
  const Response broken = stream_parts("text/plain", bytes.size() + 1, make);
  EXPECT_THROW(for (std::string piece = broken.more(); !piece.empty(); piece = broken.more()){},
               std::out_of_range);
  EXPECT_THROW(
      stream_parts("text/plain", 1, [](std::size_t) -> MadePart { throw Error(ErrorCode::corrupted, "No"); }),
      Error);
}

TEST(HttpMultipart, RefusesBrokenOnes) {
  for (const char* body : {"", "--b", "--b\r\n", "--b\r\n\r\nx", "--b\r\nno end of headers",
                           "--bx\r\n\r\nx\r\n--b--", "--b\r\n:x\r\n\r\nx\r\n--b--", "nothing here"})
    EXPECT_EQ(code_of([&] { parse_multipart(body, form()); }), ErrorCode::invalid_syntax) << body;
  EXPECT_EQ(code_of([&] { parse_multipart("x", MediaType::parse("multipart/form-data")); }),
            ErrorCode::invalid_request);
  std::string many = "--b";
  for (int i = 0; i < 10'001; ++i) many += "\r\n\r\n\r\n--b";
  EXPECT_EQ(code_of([&] { parse_multipart(many + "--", form()); }), ErrorCode::too_large);
}

TEST(HttpRouter, PrefersLiteralSegmentsAndGoesBack) {
  Router router;
  const auto add = [&](Method method, const char* pattern) {
    router.add(method, pattern, Permission::everyone(), [](Request&) { return Response::empty(); });
  };
  add(Method::get, "/fhir/{type}/{id}");
  add(Method::get, "/fhir/{type}/_history");
  add(Method::get, "/fhir/metadata");
  add(Method::get, "/fhir/metadata/x/y");
  add(Method::post, "/fhir/{type}");
  add(Method::get, "/{path...}");
  const auto pattern = [&](Method method, std::vector<std::string> segments) {
    const Route* route = router.match(method, segments).route;
    return route ? route->pattern : std::string();
  };
  EXPECT_EQ(pattern(Method::get, {"fhir", "Patient", "1"}), "/fhir/{type}/{id}");
  EXPECT_EQ(pattern(Method::get, {"fhir", "Patient", "_history"}), "/fhir/{type}/_history");
  EXPECT_EQ(pattern(Method::get, {"fhir", "metadata"}), "/fhir/metadata");
  EXPECT_EQ(pattern(Method::get, {"fhir", "metadata", "1"}), "/fhir/{type}/{id}");
  EXPECT_EQ(pattern(Method::get, {}), "/{path...}");
  EXPECT_EQ(pattern(Method::head, {"a", "b"}), "/{path...}");
  EXPECT_THAT(router.match(Method::get, {"a", "b"}).captured, ElementsAre("a", "b"));
  EXPECT_THAT(router.match(Method::get, {"fhir", "Patient", "1"}).captured, ElementsAre("Patient", "1"));
  EXPECT_EQ(pattern(Method::post, {"fhir", "Patient", "1"}), "");
  EXPECT_THAT(router.match(Method::post, {"fhir", "Patient", "1"}).allowed,
              ElementsAre(Method::get, Method::get));
  EXPECT_EQ(code_of([&] { add(Method::post, "/fhir/{other}"); }), ErrorCode::internal);
}

TEST(HttpCookie, IsFoundAmongOthers) {
  Headers headers;
  headers.add("cookie", "a=1; meridian_session=token; b=2");
  EXPECT_EQ(cookie(headers, kSessionCookie), "token");
  EXPECT_EQ(session_token(headers), "token");
  headers.add("Authorization", "bearer other");
  EXPECT_EQ(session_token(headers), "other");
}

TEST(FhirExchange, ReadsTheHeadersOfTheStandard) {
  EXPECT_EQ(http_date(parse_instant("1994-11-06T08:49:37Z")), "Sun, 06 Nov 1994 08:49:37 GMT");
  Request request;
  EXPECT_FALSE(precondition(request).is_given());
  const auto met = [&](std::optional<std::int64_t> newest, bool deleted = false) {
    return !code_of([&] { precondition(request).require("Patient/p", newest, deleted); });
  };
  for (const char* value : {"W/\"3\"", "\"3\"", "3", " W/3 ", "W/\"2\" , W/\"3\""}) {
    request.headers.set("If-Match", value);
    EXPECT_TRUE(met(3)) << value;
    EXPECT_FALSE(met(4) || met({})) << value;
  }
  request.headers.set("If-Match", "*");
  EXPECT_TRUE(met(3));
  EXPECT_FALSE(met(3, true) || met({}));
  for (const char* value : {"W/\"\"", "W/\"x\"", "\"3", "3,x", "*,3"}) {
    request.headers.set("If-Match", value);
    EXPECT_EQ(code_of([&] { precondition(request); }), ErrorCode::invalid_request) << value;
  }
  request.headers.set("If-Match", "");
  request.headers.set("If-None-Match", "*");
  EXPECT_TRUE(met({}) && met(3, true));
  EXPECT_FALSE(met(3));
  const Instant moment = parse_instant("1994-11-06T08:49:37Z");
  EXPECT_EQ(parse_http_date("Sun, 06 Nov 1994 08:49:37 GMT"), moment);
  EXPECT_EQ(parse_http_date("1994-11-06"), std::nullopt);
  EXPECT_EQ(parse_http_date(""), std::nullopt);
}

TEST(FhirFormat, IsWhatTheClientAsksFor) {
  Request request;
  const auto asks_for_xml = [&] { return requested_format(request).xml; };
  EXPECT_FALSE(asks_for_xml());
  for (const char* accept : {"*/*", "application/fhir+json", "text/html, application/json;q=0.9",
                             "application/fhir+xml;q=0.8, application/fhir+json;fhirVersion=4.0"}) {
    request.headers.set("Accept", accept);
    EXPECT_FALSE(asks_for_xml()) << accept;
  }
  for (const char* accept : {"application/fhir+xml", "text/xml", "application/xml;q=0.9, */*;q=0.8"}) {
    request.headers.set("Accept", accept);
    EXPECT_TRUE(asks_for_xml()) << accept;
  }
  request.query = {{"_format", "json"}};
  EXPECT_FALSE(asks_for_xml());
  request.query = {{"_format", "ttl"}};
  EXPECT_EQ(code_of(asks_for_xml), ErrorCode::not_acceptable);
  request.query.clear();
  request.headers.set("Accept", "text/turtle");
  EXPECT_EQ(code_of(asks_for_xml), ErrorCode::not_acceptable);
}

}  // namespace
}  // namespace meridian::doors::http
