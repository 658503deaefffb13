// Alarms of monitors as DetectedIssues of their case, preliminary until a person has acknowledged them.
#pragma once
#include <set>
#include <string>

#include "care/case_table.h"
#include "care/monitor.h"
#include "engine/card.h"
#include "trust/ledger.h"

namespace meridian::care {

// card: of the assistant that says it; none: the node does.
Json issue_of(const MonitorAlarm& alarm, const CaseRow& row, const engine::Card* card);
bool is_alarm_of(const Json& issue, const std::string& case_id);
// {id, kind, urgency, text, at, value, acknowledgedBy, acknowledgedAt, strip}. strips: instances of the
// case's recordings.
Json alarm_json(const Json& issue, const std::set<std::string>& strips);
// Whether somebody has; who, as people call them.
bool is_acknowledged(const Json& issue);
std::string acknowledged_by(const Json& issue);
void acknowledge(Json& issue, const trust::Principal& principal);

// What monitors do, for the ledger.
trust::LedgerEntry monitor_entry(const CaseRow& row, const char* action, const char* kind,
                                 const std::string& entity);

}  // namespace meridian::care
