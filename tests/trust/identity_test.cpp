#include "trust/identity.h"

#include <gmock/gmock.h>

#include <thread>

#include "trust/trust_fixture.h"

namespace meridian::trust {
namespace {

using namespace std::chrono_literals;

constexpr const char* kPassword = "a good long password";

class IdentityTest : public TrustFixture {
 protected:
  void SetUp() override {
    TrustFixture::SetUp();
    open_identity();
    account_ = identity_->add(Principal::system(), wang(), kPassword);
  }

  void open_identity() {
    IdentityOptions options;
    options.argon2_memory_kib = 64;  // fast; what is tested does not depend on it
    options.argon2_iterations = 1;
    options.clock = [this] { return time_; };
    identity_ = std::make_unique<Identity>(*database_, *ledger_, options);
  }

  static Account wang() {
    Account account;
    account.username = "Wang";
    account.display = "Dr. Wang";
    account.role = Role::clinician;
    account.fhir_user = "Practitioner/wang";
    account.organization = "Organization/east";
    return account;
  }

  std::optional<ErrorCode> sign_in_code(const std::string& username, const std::string& password) {
    return code_of([&] { identity_->sign_in(username, password); });
  }
  std::optional<ErrorCode> session_code(const std::string& token) {
    return code_of([&] { identity_->session(token); });
  }

  Instant time_ = now();
  std::unique_ptr<Identity> identity_;
  Account account_;
};

TEST_F(IdentityTest, SignsInWhoKnowsThePassword) {
  const Session session = identity_->sign_in("WANG", kPassword);
  EXPECT_EQ(session.principal.user, account_.id);
  EXPECT_EQ(session.principal.organization, "Organization/east");
  const Session again = identity_->session(session.token);
  EXPECT_EQ(again.principal.display, "Dr. Wang");
  EXPECT_EQ(again.csrf, session.csrf);
  EXPECT_NE(again.csrf, again.token);
  EXPECT_EQ(ledger_->entries({.kind = "session.sign-in"}).size(), 1u);
}

TEST_F(IdentityTest, KeepsNeitherTokensNorPasswords) {
  const Session session = identity_->sign_in("wang", kPassword);
  database_->read([&](storage::Connection& connection) {
    connection.query("SELECT hash FROM session", {},
                     [&](const storage::Row& row) { EXPECT_NE(row.text(0), session.token); });
    connection.query("SELECT password FROM account", {}, [](const storage::Row& row) {
      EXPECT_TRUE(row.text(0).starts_with("$argon2id$v=19$m=64,t=1,p=1$")) << row.text(0);
    });
  });
}

TEST_F(IdentityTest, SaysNothingAboutWhichOfTheTwoWasWrong) {
  const auto unknown = error_of([&] { identity_->sign_in("nobody", kPassword); });
  const auto wrong = error_of([&] { identity_->sign_in("wang", "wrong password"); });
  ASSERT_TRUE(unknown && wrong);
  EXPECT_EQ(unknown->code(), ErrorCode::unauthenticated);
  EXPECT_EQ(unknown->describe(), wrong->describe());
  const auto failures = ledger_->entries({.kind = "session.sign-in"});
  ASSERT_EQ(failures.size(), 2u);
  EXPECT_FALSE(failures[0].success);
  EXPECT_EQ(failures[0].user, account_.id);
  EXPECT_EQ(failures[1].entity, "unknown");
}

TEST_F(IdentityTest, LocksAfterFiveWrongPasswordsWhetherOrNotTheAccountExists) {
  for (const char* username : {"wang", "nobody"}) {
    for (int i = 0; i < 5; ++i)
      EXPECT_EQ(sign_in_code(username, "wrong password"), ErrorCode::unauthenticated);
    EXPECT_EQ(sign_in_code(username, kPassword), ErrorCode::locked_out) << username;
  }
  time_ += 16min;
  EXPECT_EQ(sign_in_code("wang", kPassword), std::nullopt);
}

TEST_F(IdentityTest, CountsWrongPasswordsInARowOnly) {
  for (int round = 0; round < 3; ++round) {
    for (int i = 0; i < 4; ++i) EXPECT_EQ(sign_in_code("wang", "wrong password"), ErrorCode::unauthenticated);
    EXPECT_EQ(sign_in_code("wang", kPassword), std::nullopt);
  }
}

TEST_F(IdentityTest, ManyAtOnceDoNotPassTheLimit) {
  std::atomic<int> tried{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < 20; ++t)
    threads.emplace_back([&] {
      if (sign_in_code("wang", "wrong password") == ErrorCode::unauthenticated) ++tried;
    });
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(tried, 5);
}

TEST_F(IdentityTest, SessionsEndWhenIdleAndInAnyCase) {
  const Session idle = identity_->sign_in("wang", kPassword);
  time_ += 29min;
  EXPECT_EQ(session_code(idle.token), std::nullopt);
  time_ += 31min;
  EXPECT_EQ(session_code(idle.token), ErrorCode::unauthenticated);
  const Session busy = identity_->sign_in("wang", kPassword);
  for (int i = 0; i < 35; ++i) {
    time_ += 20min;
    EXPECT_EQ(session_code(busy.token), std::nullopt) << i;
  }
  time_ += 20min;
  EXPECT_EQ(session_code(busy.token), ErrorCode::unauthenticated);
}

TEST_F(IdentityTest, AskingWhetherASessionIsOpenDoesNotProlongIt) {
  const Session session = identity_->sign_in("wang", kPassword);
  time_ += 20min;
  EXPECT_TRUE(identity_->is_open(session.token));
  time_ += 20min;
  EXPECT_FALSE(identity_->is_open(session.token));
  const Session other = identity_->sign_in("wang", kPassword);
  identity_->sign_out(other.token);
  EXPECT_FALSE(identity_->is_open(other.token));
}

TEST_F(IdentityTest, SessionsOutliveARestart) {
  const Session session = identity_->sign_in("wang", kPassword);
  time_ += 20min;
  EXPECT_EQ(session_code(session.token), std::nullopt);
  open_identity();
  time_ += 20min;
  EXPECT_EQ(session_code(session.token), std::nullopt);
}

TEST_F(IdentityTest, SignsOut) {
  const Session session = identity_->sign_in("wang", kPassword);
  identity_->sign_out(session.token);
  EXPECT_EQ(session_code(session.token), ErrorCode::unauthenticated);
  EXPECT_EQ(session_code(""), ErrorCode::unauthenticated);
  identity_->sign_out("no such token");
}

TEST_F(IdentityTest, AnotherNodesSignOutIsSeenSoon) {
  const Session session = identity_->sign_in("wang", kPassword);
  tamper("DELETE FROM session");
  time_ += 11s;
  EXPECT_EQ(session_code(session.token), ErrorCode::unauthenticated);
}

TEST_F(IdentityTest, ChangesOfAnAccountEndItsSessions) {
  const Session first = identity_->sign_in("wang", kPassword);
  identity_->set_password(first.principal, account_.id, "another long password");
  EXPECT_EQ(session_code(first.token), ErrorCode::unauthenticated);
  EXPECT_EQ(sign_in_code("wang", kPassword), ErrorCode::unauthenticated);
  const Session second = identity_->sign_in("wang", "another long password");
  identity_->set_active(Principal::system(), account_.id, false);
  EXPECT_EQ(session_code(second.token), ErrorCode::unauthenticated);
  EXPECT_EQ(sign_in_code("wang", "another long password"), ErrorCode::unauthenticated);
}

TEST_F(IdentityTest, RefusesWrongAccounts) {
  EXPECT_EQ(code_of([&] { identity_->add(Principal::system(), wang(), kPassword); }), ErrorCode::conflict);
  Account other = wang();
  other.username = "li";
  EXPECT_EQ(code_of([&] { identity_->add(Principal::system(), other, "short"); }), ErrorCode::invalid_value);
  EXPECT_EQ(code_of([&] { identity_->add(Principal::system(), other, "密码密码密码密"); }),
            ErrorCode::invalid_value);
  EXPECT_EQ(code_of([&] { identity_->add(Principal::system(), other, "密码密码密码密码"); }), std::nullopt);
  EXPECT_EQ(code_of([&] { identity_->add(clinician(), other, kPassword); }), ErrorCode::forbidden);
  EXPECT_EQ(code_of([&] { identity_->set_password(clinician(), account_.id, kPassword); }),
            ErrorCode::forbidden);
  EXPECT_EQ(code_of([&] { identity_->set_active(Principal::system(), "nobody", true); }),
            ErrorCode::not_found);
  other.username = "";
  EXPECT_EQ(code_of([&] { identity_->add(Principal::system(), other, kPassword); }),
            ErrorCode::invalid_value);
}

TEST_F(IdentityTest, TakesHugeInputWithoutHarm) {
  EXPECT_EQ(sign_in_code(std::string(1 << 20, 'a'), std::string(1 << 20, 'b')), ErrorCode::unauthenticated);
  EXPECT_EQ(sign_in_code("wang", std::string("a\0b", 3)), ErrorCode::unauthenticated);
}

}  // namespace
}  // namespace meridian::trust
