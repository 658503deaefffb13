#include "record/views/view_table.h"

#include "base/error.h"
#include "record/store/group_members.h"
#include "record/store/visibility.h"
#include "record/validation/validator.h"

namespace meridian::record {
namespace {

constexpr std::size_t kMostBytes = 64u << 20;

// RFC 4180: in quotes where it must be, a quote doubled.
std::string csv_cell(const Json& value) {
  if (value.is_null()) return {};
  const std::string text = value.is_string() ? value.as_string() : value.dump();
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted + "\"";
}

class Table {
 public:
  Table(const ViewDefinition& view, const TableOptions& options) : view_(view), options_(options) {
    if (options.format == TableFormat::csv && options.header) {
      std::vector<Json> names(view.columns().begin(), view.columns().end());
      add_csv(names);
    }
  }

  // False once the limit is reached.
  bool add_resource(const Json& resource) {
    for (const ViewDefinition::Row& row : view_.rows_of(resource))
      if (!add(row)) return false;
    return true;
  }

  std::string finish() { return options_.format == TableFormat::json ? "[" + text_ + "]" : std::move(text_); }

 private:
  bool add(const ViewDefinition::Row& row) {
    if (options_.limit && rows_ >= *options_.limit) return false;
    if (options_.format == TableFormat::csv)
      add_csv(row);
    else
      add_object(row);
    ++rows_;
    if (text_.size() > kMostBytes)
      throw Error(ErrorCode::too_large, "The table is larger than " + std::to_string(kMostBytes) + " bytes",
                  "_limit", "Ask for fewer rows with _limit, _since or patient");
    return true;
  }

  void add_csv(const std::vector<Json>& cells) {
    for (std::size_t i = 0; i < cells.size(); ++i) text_ += (i == 0 ? "" : ",") + csv_cell(cells[i]);
    text_ += "\r\n";
  }

  // Without what is null, as FHIR writes it.
  void add_object(const ViewDefinition::Row& row) {
    Json object = Json::object();
    for (std::size_t i = 0; i < row.size(); ++i)
      if (!row[i].is_null()) object[view_.columns()[i]] = row[i];
    const bool lines = options_.format == TableFormat::ndjson;
    text_ += (lines || text_.empty() ? "" : ",") + object.dump() + (lines ? "\n" : "");
  }

  const ViewDefinition& view_;
  const TableOptions& options_;
  std::string text_;
  std::int64_t rows_ = 0;
};

Sql resources_of(const OperationContext& context, const ViewDefinition& view, const TableOptions& options) {
  Sql sql{"SELECT r.key FROM resource r WHERE r.type = ? AND r.deleted = 0 AND ", {view.resource()}};
  sql.add(visible_to(context.principal));
  if (options.since) sql.add(" AND r.updated >= ?", {*options.since});
  if (options.group) sql.add(" AND ").add(of_members(*options.group));
  if (!options.patient.empty())
    sql.add(" AND EXISTS (SELECT 1 FROM resource_patient q WHERE q.resource = r.key AND q.patient = ?)",
            {options.patient});
  return sql.add(" ORDER BY r.key");
}

}  // namespace

std::string view_table(const OperationContext& context, const ViewDefinition& view,
                       const TableOptions& options) {
  require_role(context.principal, trust::Act::read, view.resource());
  std::vector<std::int64_t> keys;
  resources_of(context, view, options).run(context.connection, [&](const storage::Row& row) {
    keys.push_back(row.integer(0));
  });
  Table table(view, options);
  for (const std::int64_t key : keys)
    if (!table.add_resource(Json::parse(find_by_key(context.connection, key)->version.body))) break;
  return table.finish();
}

std::string view_table(const ViewDefinition& view, const std::vector<Json>& resources,
                       const TableOptions& options) {
  for (const Json& resource : resources) require_valid(resource);
  Table table(view, options);
  for (const Json& resource : resources)
    if (resource.text("resourceType") == view.resource() && !table.add_resource(resource)) break;
  return table.finish();
}

}  // namespace meridian::record
