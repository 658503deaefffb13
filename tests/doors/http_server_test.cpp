#include "doors/http_server_fixture.h"

#include <gmock/gmock.h>

#include <thread>

#include "base/error_of.h"
#include "doors/http/compression.h"
#include "doors/http/connection.h"
#include "doors/http_client.h"

namespace meridian::doors::http {
namespace {

using ::testing::HasSubstr;

TEST_F(HttpServerTest, AnswersManyRequestsOnOneConnection) {
  HttpClient client(start());
  for (int i = 0; i < 3; ++i) {
    const HttpAnswer answer = client.request("GET", "/hello");
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.body, "hello");
    EXPECT_EQ(answer.header("x-content-type-options"), "nosniff");
    EXPECT_THAT(answer.header("content-security-policy"), HasSubstr("frame-ancestors 'self'"));
    EXPECT_FALSE(answer.header("x-request-id").empty());
  }
}

TEST_F(HttpServerTest, AnswersPipelinedRequestsInTheirOrder) {
  HttpClient client(start());
  const std::string echo = "POST /echo HTTP/1.1\r\nHost: t\r\nContent-Length: 3\r\n\r\n";
  client.send(echo + "one" + "GET /hello HTTP/1.1\r\nHost: t\r\n\r\n" + echo + "two");
  EXPECT_EQ(client.answer().body, "one");
  EXPECT_EQ(client.answer().body, "hello");
  EXPECT_EQ(client.answer().body, "two");
}

TEST_F(HttpServerTest, TakesARequestByteByByte) {
  HttpClient client(start());
  for (const char c : std::string("POST /echo HTTP/1.1\r\nHost: t\r\nContent-Length: 4\r\n\r\nbody"))
    client.send({&c, 1});
  EXPECT_EQ(client.answer().body, "body");
}

TEST_F(HttpServerTest, ReadsChunkedAndSpooledBodies) {
  const int port = start();
  HttpClient client(port);
  client.send(
      "POST /echo HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n");
  EXPECT_EQ(client.answer().body, "abcde");
  const std::string large(50'000, 'z');
  EXPECT_EQ(client.request("POST", "/echo", large).body, large);
  EXPECT_EQ(files_in_spool(), 0u);
}

TEST_F(HttpServerTest, RefusesALargeUploadBeforeItIsRead) {
  HttpClient client(start());
  client.send("POST /echo HTTP/1.1\r\nHost: t\r\nContent-Length: 2147483648\r\n\r\n");
  const HttpAnswer answer = client.answer();
  EXPECT_EQ(answer.status, 413);
  EXPECT_EQ(answer.header("connection"), "close");
  EXPECT_EQ(answer.json().get("issue.code").as_string(), "too-long");
}

TEST_F(HttpServerTest, RefusesAChunkedUploadOnceItPassesTheLimit) {
  HttpClient client(start());
  client.send("POST /echo HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\n");
  const std::string chunk = "4000\r\n" + std::string(0x4000, 'x') + "\r\n";
  for (int i = 0; i < 7; ++i) client.send(chunk);
  EXPECT_EQ(client.answer().status, 413);
  EXPECT_TRUE(client.closed());
  EXPECT_EQ(files_in_spool(), 0u);
}

TEST_F(HttpServerTest, AsksForABodyOnlyWhenItWillReadIt) {
  HttpClient client(start());
  client.send("POST /echo HTTP/1.1\r\nHost: t\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_EQ(client.answer(true).status, 100);
  client.send("body");
  EXPECT_EQ(client.answer().body, "body");
  client.send("POST /private HTTP/1.1\r\nHost: t\r\nContent-Length: 4000\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_EQ(client.answer().status, 401);
}

TEST_F(HttpServerTest, RefusesWhatIsNotHttp) {
  const int port = start();
  const std::pair<std::string, int> requests[] = {
      {"rubbish\r\n\r\n", 400},
      {"GET /hello HTTP/9.9\r\nHost: t\r\n\r\n", 400},
      {"GET /hello HTTP/1.1\r\n\r\n", 400},
      {"GET /hello HTTP/1.1\r\nHost: t\r\nContent-Length: x\r\n\r\n", 400},
      {"GET /hello HTTP/1.1\r\nHost: t\r\nContent-Length: -1\r\n\r\n", 400},
      {"GET /hello HTTP/1.1\r\nHost: t\r\nbad header\r\n\r\n", 400},
      {"GET /%zz HTTP/1.1\r\nHost: t\r\n\r\n", 400},
      {"GET /a/../hello HTTP/1.1\r\nHost: t\r\n\r\n", 400},
      {"GET /%2e%2e/hello HTTP/1.1\r\nHost: t\r\n\r\n", 400},
      {"GET /a%00b HTTP/1.1\r\nHost: t\r\n\r\n", 400},
      {"POST /echo HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n", 400},
      {"POST /echo HTTP/1.1\r\nHost: t\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
       400},
      {"POST /echo HTTP/1.1\r\nHost: t\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabc", 400},
      {"GET /hello HTTP/1.1\r\nHost: t\r\nX: " + std::string(9000, 'x') + "\r\n\r\n", 431},
      {"BREW /hello HTTP/1.1\r\nHost: t\r\n\r\n", 405},
  };
  for (const auto& [text, status] : requests) {
    HttpClient client(port);
    client.send(text);
    const HttpAnswer answer = client.answer();
    EXPECT_EQ(answer.status, status) << text.substr(0, 100);
    EXPECT_EQ(answer.json().text("resourceType"), "OperationOutcome") << text.substr(0, 100);
  }
}

TEST_F(HttpServerTest, NamesTheMethodsOfAnAddress) {
  HttpClient client(start());
  const HttpAnswer answer = client.request("DELETE", "/hello");
  EXPECT_EQ(answer.status, 405);
  EXPECT_EQ(answer.header("allow"), "GET");
  EXPECT_EQ(client.request("GET", "/nothing").status, 404);
}

TEST_F(HttpServerTest, HeadHasTheLengthButNoBody) {
  HttpClient client(start());
  const HttpAnswer answer = client.request("HEAD", "/hello");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.header("content-length"), "5");
  EXPECT_EQ(client.request("GET", "/hello").body, "hello");
}

TEST_F(HttpServerTest, ClosesOnSlowHeadsBodiesAndIdleClients) {
  options_.header_timeout = options_.body_timeout = options_.idle_timeout = std::chrono::milliseconds(100);
  const int port = start();
  HttpClient head(port), body(port), idle(port);
  head.send("GET /hello HTTP/1.1\r\nHost: t\r\n");
  body.send("POST /echo HTTP/1.1\r\nHost: t\r\nContent-Length: 10\r\n\r\nabc");
  EXPECT_EQ(head.answer().status, 408);
  EXPECT_EQ(body.answer().status, 408);
  EXPECT_TRUE(head.closed());
  EXPECT_TRUE(body.closed());
  EXPECT_EQ(idle.answer().status, 0);
}

TEST_F(HttpServerTest, CompressesWhereTheClientTakesIt) {
  HttpClient client(start());
  const HttpAnswer compressed = client.request("GET", "/large", {}, "Accept-Encoding: br, gzip\r\n");
  EXPECT_EQ(compressed.header("content-encoding"), "gzip");
  EXPECT_LT(compressed.body.size(), 1000u);
  EXPECT_EQ(compressed.header("vary"), "Accept-Encoding");
  EXPECT_EQ(client.request("GET", "/large", {}, "Accept-Encoding: gzip;q=0\r\n").body.size(), 100'000u);
  EXPECT_EQ(client.request("GET", "/hello", {}, "Accept-Encoding: gzip\r\n").body, "hello");
}

TEST_F(HttpServerTest, ReadsCompressedBodies) {
  HttpClient client(start());
  const std::string gzip = "Content-Encoding: gzip\r\n", large(50'000, 'z');
  EXPECT_EQ(client.request("POST", "/echo", gzipped("hello"), gzip).body, "hello");
  EXPECT_EQ(client.request("POST", "/echo", gzipped("a") + gzipped("b"), "Content-Encoding: X-GZip\r\n").body,
            "ab")
      << "two members";
  EXPECT_EQ(client.request("POST", "/echo", gzipped(large), gzip).body, large) << "spooled when unpacked";
  EXPECT_EQ(client.request("POST", "/echo", "as it is", "Content-Encoding: identity\r\n").body, "as it is");
  EXPECT_EQ(client.request("POST", "/echo", {}, gzip).body, "") << "of no body, nothing is unpacked";
  std::string noise;  // does not get smaller, so that it is spooled before it is unpacked, too
  for (std::uint32_t i = 0, state = 1; i < 40'000; ++i)
    noise += static_cast<char>((state = state * 1'664'525 + 1'013'904'223) >> 24);
  EXPECT_EQ(client.request("POST", "/echo", gzipped(noise), gzip).body, noise);
  EXPECT_EQ(files_in_spool(), 0u);
}

TEST_F(HttpServerTest, RefusesBombsAndWhatIsNoGzip) {
  const int port = start();
  const auto echoed = [&](const std::string& body, const std::string& coding) {
    return HttpClient(port).request("POST", "/echo", body, "Content-Encoding: " + coding + "\r\n");
  };
  const HttpAnswer bomb = echoed(gzipped(std::string(100'001, '\0')), "gzip");
  EXPECT_EQ(bomb.status, 413);
  EXPECT_THAT(bomb.body, HasSubstr("100000"));
  EXPECT_EQ(echoed(gzipped(std::string(50'000'000, '\0')), "gzip").status, 413);
  EXPECT_EQ(echoed(gzipped(std::string(100'000, '\0')), "gzip").status, 200);
  const std::string whole = gzipped("hello");
  for (const std::string& broken : {whole.substr(0, whole.size() - 1), whole + "x", std::string("{}")}) {
    const HttpAnswer answer = echoed(broken, "gzip");
    EXPECT_EQ(answer.status, 400);
    EXPECT_THAT(answer.body, HasSubstr("gzip"));
  }
  EXPECT_EQ(files_in_spool(), 0u);
  for (const char* coding : {"br", "gzip, gzip", "deflate"}) {
    const HttpAnswer answer = echoed("x", coding);
    EXPECT_EQ(answer.status, 415) << coding;
    EXPECT_EQ(answer.header("accept-encoding"), "gzip");
  }
}

TEST_F(HttpServerTest, SaysNothingOfItsDefects) {
  HttpClient client(start());
  const HttpAnswer answer = client.request("GET", "/broken");
  EXPECT_EQ(answer.status, 500);
  EXPECT_EQ(answer.body.find("secret"), std::string::npos);
}

TEST_F(HttpServerTest, KeepsLineBreaksOutOfHeaders) {
  HttpClient client(start());
  const HttpAnswer answer = client.request("GET", "/split?value=a%0d%0aX-Injected:%20b");
  EXPECT_EQ(answer.header("x-echo"), "a  X-Injected: b");
  EXPECT_EQ(answer.header("x-injected"), "");
}

TEST_F(HttpServerTest, SendsEvents) {
  HttpClient client(start());
  client.send("GET /events HTTP/1.1\r\nHost: t\r\n\r\n");
  const HttpAnswer head = client.answer();
  EXPECT_EQ(head.header("content-type"), "text/event-stream");
  EXPECT_EQ(client.read_until("\n\n"), "event: one\ndata: first\ndata: second\n\n");
  EXPECT_EQ(client.read_until("\n\n"), "event: two\ndata: {}\n\n");
  EXPECT_TRUE(client.closed());
}

TEST_F(HttpServerTest, AnswersBusyWhenTooMuchWaits) {
  options_.workers = 1;
  options_.most_waiting = 1;
  const int port = start();
  HttpClient running(port), waiting(port);
  running.send("GET /slow HTTP/1.1\r\nHost: t\r\n\r\n");
  entered_.wait();
  waiting.send("GET /large HTTP/1.1\r\nHost: t\r\n\r\n");
  int busy = 0;
  for (int i = 0; i < 3; ++i) {  // the waiting one may be read after the first of these
    HttpClient client(port);
    client.send("GET /large HTTP/1.1\r\nHost: t\r\nConnection: close\r\n\r\n");
    if (i == 0) continue;
    busy += client.answer().status == 503;
  }
  EXPECT_GE(busy, 1);
  go_on_.count_down();
  EXPECT_EQ(running.answer().body, "done");
}

TEST_F(HttpServerTest, FinishesWhatRunsWhenItStops) {
  const int port = start();
  HttpClient running(port), idle(port);
  EXPECT_EQ(idle.request("GET", "/hello").status, 200);
  running.send("GET /slow HTTP/1.1\r\nHost: t\r\n\r\n");
  entered_.wait();
  std::thread stopping([this] { server_->stop(); });
  EXPECT_TRUE(idle.closed());
  go_on_.count_down();
  const HttpAnswer answer = running.answer();
  EXPECT_EQ(answer.body, "done");
  EXPECT_EQ(answer.header("connection"), "close");
  stopping.join();
  EXPECT_FALSE(HttpClient(port).connected());
}

TEST_F(HttpServerTest, TheSweepForSlowClientsSparesOneThatHasJustCome) {
  using boost::asio::ip::tcp;
  const Dispatcher dispatcher(router_, *identity_);
  WorkerPool workers(1, 1);
  Loop loop;
  tcp::acceptor acceptor(loop.context(), tcp::endpoint(boost::asio::ip::address_v4::loopback(), 0));
  HttpClient client(acceptor.local_endpoint().port());
  const auto connection = make_connection(acceptor.accept(), nullptr, loop, {options_, dispatcher, workers});
  connection->check(Clock::now());
  connection->start();
  client.send("GET /hello HTTP/1.1\r\nHost: t\r\nConnection: close\r\n\r\n");
  loop.context().run();
  EXPECT_EQ(client.answer().body, "hello");
}

TEST_F(HttpServerTest, RefusesClientsBeyondItsLimit) {
  options_.most_connections = 2;
  const int port = start();
  HttpClient first(port), second(port);
  EXPECT_EQ(first.request("GET", "/hello").status, 200);
  EXPECT_EQ(second.request("GET", "/hello").status, 200);
  HttpClient third(port);
  EXPECT_EQ(third.request("GET", "/hello").status, 0);
  EXPECT_EQ(first.request("GET", "/hello").status, 200);
}

TEST_F(HttpServerTest, SpeaksInTheClearOnTheLoopbackOnly) {
  options_.address = "0.0.0.0";
  EXPECT_EQ(code_of([&] { start(); }), ErrorCode::invalid_configuration);
  options_.address = "somewhere";
  EXPECT_EQ(code_of([&] { start(); }), ErrorCode::invalid_configuration);
}

}  // namespace
}  // namespace meridian::doors::http
