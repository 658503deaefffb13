#include "network/http_client.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error_of.h"
#include "network/peer.h"

namespace meridian::network {
namespace {

using ::testing::HasSubstr;

HttpClientOptions loopback() {
  HttpClientOptions options{
      .hosts = HostList("127.0.0.1, localhost"), .policy = AddressPolicy("127.0.0.0/8"), .plain = true};
  options.largest_answer = 1000;
  return options;
}

HttpCall call_to(const std::string& address) {
  HttpCall call;
  call.url = parse_url(address);
  call.deadline = std::chrono::seconds(20);
  return call;
}

TEST(HttpClient, SendsWhatItIsToldAndReadsTheAnswer) {
  const Peer peer([](const Peer::Request&) { return 201; });
  HttpCall call = call_to(peer.address("/hook?x=1"));
  call.method = "PUT";
  call.headers = {{"Authorization", "Bearer secret"}};
  call.media_type = "application/fhir+json";
  call.body = "{}";
  const HttpReply reply = HttpClient(loopback()).call(call);
  EXPECT_EQ(reply.status, 201);
  EXPECT_EQ(reply.body, "answer");
  const Peer::Request sent = peer.requests().at(0);
  EXPECT_EQ(sent.method_string(), "PUT");
  EXPECT_EQ(sent.target(), "/hook?x=1");
  EXPECT_EQ(sent["Authorization"], "Bearer secret");
  EXPECT_EQ(sent["Content-Type"], "application/fhir+json");
  EXPECT_EQ(sent.body(), "{}");
}

TEST(HttpClient, CallsNoPrivateAddressUnlessItIsAllowed) {
  const Peer peer;
  HttpClientOptions options = loopback();
  options.policy = AddressPolicy();
  const HttpClient client(options);
  for (const auto& address : {peer.address(), std::string("http://localhost:1/")}) {
    const Error error = error_of([&] { client.call(call_to(address)); }).value();
    EXPECT_EQ(error.code(), ErrorCode::forbidden);
    EXPECT_THAT(error.what(), HasSubstr("private"));
  }
  EXPECT_EQ(code_of([&] { client.check(parse_url(peer.address()), std::chrono::seconds(20)); }),
            ErrorCode::forbidden);
  EXPECT_TRUE(peer.requests().empty());
}

TEST(HttpClient, CallsNothingInTheClearUnlessItIsAllowed) {
  const Peer peer;
  HttpClientOptions options = loopback();
  options.plain = false;
  EXPECT_EQ(code_of([&] { HttpClient(options).call(call_to(peer.address())); }), ErrorCode::forbidden);
}

TEST(HttpClient, FollowsNoRedirection) {
  const Peer peer([](const Peer::Request&) { return 302; });
  EXPECT_EQ(HttpClient(loopback()).call(call_to(peer.address())).status, 302);
  EXPECT_EQ(peer.requests().size(), 1u);
}

TEST(HttpClient, GivesUpOnWhoDoesNotAnswer) {
  const Peer peer([](const Peer::Request&) { return 0; });
  HttpCall call = call_to(peer.address());
  call.deadline = std::chrono::milliseconds(50);
  EXPECT_EQ(code_of([&] { HttpClient(loopback()).call(call); }), ErrorCode::timed_out);
}

TEST(HttpClient, SaysThatNobodyIsThere) {
  std::string address;
  {
    const Peer gone;
    address = gone.address();
  }
  EXPECT_EQ(code_of([&] { HttpClient(loopback()).call(call_to(address)); }), ErrorCode::unavailable);
}

TEST(HttpClient, ReadsNoAnswerWithoutEnd) {
  Peer peer;
  peer.body = std::string(2000, 'x');
  for (const bool says_length : {true, false}) {
    peer.says_length = says_length;
    const HttpReply reply = HttpClient(loopback()).call(call_to(peer.address()));
    EXPECT_EQ(reply.status, 200);
    EXPECT_FALSE(reply.complete);
    EXPECT_EQ(reply.body, "");
  }
}

TEST(HttpClient, ReadsAnAnswerToItsEnd) {
  Peer peer;
  peer.says_length = false;
  const HttpReply reply = HttpClient(loopback()).call(call_to(peer.address()));
  EXPECT_TRUE(reply.complete);
  EXPECT_EQ(reply.body, "answer");
}

TEST(HttpClient, TakesTheHeadOfAnAnswerThatIsCutShort) {
  Peer peer([](const Peer::Request&) { return 201; });
  peer.missing = 10;
  const HttpReply reply = HttpClient(loopback()).call(call_to(peer.address()));
  EXPECT_EQ(reply.status, 201);
  EXPECT_FALSE(reply.complete);
}

}  // namespace
}  // namespace meridian::network
