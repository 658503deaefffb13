// Messages between those who work on a case: a FHIR Communication each, and a list for each recipient with
// what they have not read yet.
#pragma once
#include <span>
#include <string>

#include "care/case_table.h"
#include "care/context.h"

namespace meridian::care {

struct Message {
  std::string kind;       // asked, answered, question, draft
  std::string recipient;  // "Organization/…"
  engine::LocalizedText text;
};

std::span<const storage::Migration> message_migrations();

// Within the transaction of the act that the message tells of; recipients that listen are told once it is
// durable.
void send_message(record::Writer& writer, Events& events, const CaseRow& row, const trust::Principal& sender,
                  const Message& message);

class Messages {
 public:
  explicit Messages(const Context& context) : context_(context) {}

  // {unread, rows}: those to the principal's organization, newest first, at most 200.
  Json list(const trust::Principal& principal) const;
  // {unread, rows}, as list(). Read for this person; a colleague's list keeps it. Throws not_found.
  Json mark_read(const trust::Principal& principal, const std::string& id) const;
  // Rows of list() of the kinds that come back to a clinic: answered and question.
  Json answers(const trust::Principal& principal) const;

 private:
  Json rows(const trust::Principal& principal, const std::string& kinds) const;
  std::int64_t unread(const trust::Principal& principal) const;

  Context context_;
};

}  // namespace meridian::care
