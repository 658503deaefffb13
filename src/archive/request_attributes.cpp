#include "archive/request_attributes.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "archive/attribute_json.h"

namespace meridian::archive {
namespace {

constexpr std::size_t kMostItems = 100, kLongestText = 1024;

struct Attribute {
  std::uint32_t tag;
  const char* vr;
  const char* column;
  std::string RequestAttributes::*member;
};
constexpr std::array kAttributes{
    Attribute{0x00080050, "SH", "accession", &RequestAttributes::accession_number},
    Attribute{0x0020000D, "UI", "study_uid", &RequestAttributes::study_uid},
    Attribute{0x00400009, "SH", "scheduled_step", &RequestAttributes::scheduled_step_id},
    Attribute{0x00401001, "SH", "requested_procedure", &RequestAttributes::requested_procedure_id},
};

std::string name_of(std::uint32_t tag) {
  return fmt::format("{:08X}", tag);
}

}  // namespace

const char* request_column(std::uint32_t tag) {
  const auto found = std::ranges::find(kAttributes, tag, &Attribute::tag);
  return found == kAttributes.end() ? nullptr : found->column;
}

std::vector<RequestAttributes> read_request_attributes(const Json& dataset) {
  std::vector<RequestAttributes> all;
  for (const Json& item : sequence_items(dataset, name_of(kRequestAttributes))) {
    RequestAttributes request;
    for (const Attribute& attribute : kAttributes)
      request.*attribute.member = first_value(item, name_of(attribute.tag)).substr(0, kLongestText);
    if (all.size() < kMostItems) all.push_back(std::move(request));
  }
  return all;
}

void insert_request_attributes(storage::Transaction& transaction, const InstanceFacts& facts) {
  std::int64_t item = 0;
  for (const RequestAttributes& request : facts.requests)
    transaction.execute("INSERT INTO archive_request VALUES (?, ?, ?, ?, ?, ?)",
                        {facts.key.series, ++item, request.accession_number, request.study_uid,
                         request.scheduled_step_id, request.requested_procedure_id});
}

std::vector<std::pair<std::string, std::string>> unread_series(storage::Connection& connection,
                                                               const std::string& after, std::int64_t most) {
  std::vector<std::pair<std::string, std::string>> series;
  connection.query(
      "SELECT u.series_uid, COALESCE((SELECT MIN(i.instance_uid) FROM archive_instance i WHERE i.series_uid ="
      " u.series_uid), '') FROM archive_unread_request u WHERE u.series_uid > ? ORDER BY u.series_uid LIMIT "
      "?",
      {after, most}, [&](const storage::Row& row) { series.emplace_back(row.text(0), row.text(1)); });
  return series;
}

void keep_read_requests(storage::Transaction& transaction, const InstanceFacts& facts) {
  if (!transaction.execute("DELETE FROM archive_unread_request WHERE series_uid = ?", {facts.key.series}))
    return;  // the series is gone, or another has read it
  const std::string& series = facts.key.series;
  transaction.execute("DELETE FROM archive_request WHERE series_uid = ?", {series});
  insert_request_attributes(transaction, facts);
  transaction.execute("UPDATE archive_series SET performed_date = ?, performed_time = ? WHERE series_uid = ?",
                      {facts.performed_date, facts.performed_time, series});
  transaction.execute(
      "UPDATE archive_study SET timezone = ? WHERE timezone = '' AND study_uid ="
      " (SELECT study_uid FROM archive_series WHERE series_uid = ?)",
      {facts.timezone, series});
}

void add_request_attributes(storage::Connection& connection, Json& match) {
  Json::Array items;
  const std::string series = first_value(match, "0020000E");
  connection.query(
      "SELECT accession, study_uid, scheduled_step, requested_procedure FROM archive_request"
      " WHERE series_uid = ? ORDER BY item",
      {series}, [&](const storage::Row& row) {
        Json item = Json::object();
        for (std::size_t i = 0; i < kAttributes.size(); ++i)
          if (const std::string_view text = row.text(static_cast<int>(i)); !text.empty())
            item[name_of(kAttributes.at(i).tag)] = dicom_attribute(kAttributes.at(i).vr, text);
        items.push_back(std::move(item));
      });
  if (!items.empty()) match[name_of(kRequestAttributes)] = dicom_sequence(std::move(items));
}

}  // namespace meridian::archive
