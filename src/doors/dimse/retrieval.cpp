#include "doors/dimse/retrieval.h"

#include <dcmtk/dcmdata/dcdeftag.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "archive/transfer_syntax.h"
#include "base/log.h"
#include "base/metrics.h"
#include "doors/dimse/identifier.h"
#include "doors/dimse/outcome.h"
#include "doors/dimse/status.h"

namespace meridian::doors::dimse {
namespace {

using archive::QueryLevel;

constexpr std::uint32_t kPatientId = 0x00100020, kStudyUid = 0x0020000D, kSeriesUid = 0x0020000E,
                        kInstanceUid = 0x00080018;
constexpr std::size_t kMostContexts = 128;  // of an association
// Statuses of PS3.4, C.4.2.1.5 and C.4.3.1.4.
constexpr std::uint16_t kPending = 0xFF00, kCancelled = 0xFE00, kSomeFailed = 0xB000, kAllFailed = 0xA702,
                        kUnknownDestination = 0xA801;

std::uint32_t unique_key_of(QueryLevel level) {
  constexpr std::array kKeys{kPatientId, kStudyUid, kSeriesUid, kInstanceUid};
  return kKeys.at(static_cast<std::size_t>(level));
}

// The unique keys of a retrieval; other keys have no meaning there (C.4.2.1.4).
archive::Query unique_keys(archive::Query query) {
  std::erase_if(query.keys, [](const archive::QueryKey& key) {
    return key.tag != kPatientId && key.tag != kStudyUid && key.tag != kSeriesUid && key.tag != kInstanceUid;
  });
  const auto own = std::ranges::find(query.keys, unique_key_of(query.level), &archive::QueryKey::tag);
  const bool named =
      own != query.keys.end() && !own->value.empty() && own->value.find_first_of("*?") == std::string::npos;
  if (!named)
    throw Error(
        ErrorCode::invalid_structure, "The retrieval does not name what it is to retrieve",
        fmt::format("({:04X},{:04X})", unique_key_of(query.level) >> 16, unique_key_of(query.level) & 0xFFFF),
        "Give the unique key of its level");
  return query;
}

std::string value_of(const Json& match, const char* tag) {
  return match.get(std::string(tag) + ".Value").at(0).as_string();
}

template <class Response>
void fill(Response& response, std::uint16_t status, const SubOperations& done, bool has_identifier) {
  response.DimseStatus = status;
  response.DataSetType = has_identifier ? DIMSE_DATASET_PRESENT : DIMSE_DATASET_NULL;
  response.NumberOfRemainingSubOperations =
      static_cast<DIC_US>(std::min<std::size_t>(done.remaining, 0xFFFF));
  response.NumberOfCompletedSubOperations =
      static_cast<DIC_US>(std::min<std::size_t>(done.completed, 0xFFFF));
  response.NumberOfFailedSubOperations = static_cast<DIC_US>(std::min<std::size_t>(done.failed, 0xFFFF));
  response.NumberOfWarningSubOperations = static_cast<DIC_US>(std::min<std::size_t>(done.warning, 0xFFFF));
  static_assert(O_MOVE_NUMBEROFCOMPLETEDSUBOPERATIONS == O_GET_NUMBEROFCOMPLETEDSUBOPERATIONS &&
                O_MOVE_NUMBEROFREMAININGSUBOPERATIONS == O_GET_NUMBEROFREMAININGSUBOPERATIONS);
  response.opts |= O_MOVE_NUMBEROFCOMPLETEDSUBOPERATIONS | O_MOVE_NUMBEROFFAILEDSUBOPERATIONS |
                   O_MOVE_NUMBEROFWARNINGSUBOPERATIONS;
  // The final response says how many remain only when it was cancelled (PS3.7, 9.1.4.1.6).
  if (status == kPending || status == kCancelled) response.opts |= O_MOVE_NUMBEROFREMAININGSUBOPERATIONS;
}

void check(const OFCondition& sent) {
  if (sent.bad()) throw Error(ErrorCode::unavailable, sent.text());
}

void respond_to(const Outcome& outcome,
                const std::function<void(std::uint16_t, DcmDataset*, DcmDataset*)>& respond) {
  const auto detail = status_detail(outcome);
  respond(outcome.status, nullptr, detail.get());
}

}  // namespace

std::vector<Retrieval::Instance> Retrieval::run_query(const archive::Query& query) const {
  std::vector<Instance> instances;
  for (const Json& match : handlers_.query(query, association_.peer()))
    instances.push_back(
        {value_of(match, "00080018"), value_of(match, "00080016"), value_of(match, "00083002")});
  if (std::ssize(instances) >= query.limit)
    throw Error(ErrorCode::too_large, fmt::format("A series has more than {} instances", kMostMatches));
  return instances;
}

// Series by series, so that a long study is never held as one list of matches.
std::vector<Retrieval::Instance> Retrieval::find(DcmDataset& identifier, std::string_view model) const {
  archive::Query query = unique_keys(read_identifier(identifier, model));
  if (query.level == QueryLevel::instance) return run_query(query);
  query.level = QueryLevel::series;
  std::vector<Instance> all;
  for (const Json& series : handlers_.query(query, association_.peer())) {
    archive::Query of_series{.level = QueryLevel::instance,
                             .keys = {{kSeriesUid, value_of(series, "0020000E")}},
                             .limit = kMostMatches + 1};
    std::ranges::move(run_query(of_series), std::back_inserter(all));
  }
  return all;
}

// The status of sending it. What fails here is this instance's; a peer that is gone ends them all.
std::uint16_t Retrieval::attempt(const Instance& instance, const Send& send) const {
  const auto failed = [&](const Error& error) {
    log_warning("dicom-retrieve-failed", {{"instance", instance.uid}, {"reason", error.describe()}});
    return outcome_of(error).status;
  };
  std::string file;
  try {
    file = handlers_.read(instance.uid, association_.peer());
  } catch (const Error& error) {
    return failed(error);
  }
  try {
    return send(std::move(file));
  } catch (const Error& error) {
    if (error.code() == ErrorCode::unavailable) throw;
    return failed(error);
  }
}

void Retrieval::send_one(const Instance& instance, const Send& send) {
  const std::uint16_t status = attempt(instance, send);
  --done_.remaining;
  if (status == kSuccess) {
    ++done_.completed;
  } else if (is_warning(status)) {
    ++done_.warning;
  } else {
    ++done_.failed;
    done_.failed_instances += (done_.failed_instances.empty() ? "" : "\\") + instance.uid;
  }
}

bool Retrieval::send_all(const std::vector<Instance>& instances, const Send& send,
                         const std::function<bool()>& cancelled, const Respond& respond) {
  for (const Instance& instance : instances) {
    if (cancelled()) return false;
    send_one(instance, send);
    if (done_.remaining > 0) respond(kPending, nullptr, nullptr);
  }
  return true;
}

void Retrieval::finish(bool was_cancelled, const Respond& respond) const {
  std::uint16_t status = 0;
  if (was_cancelled)
    status = kCancelled;
  else if (done_.failed > 0 && done_.completed + done_.warning == 0)
    status = kAllFailed;
  else if (done_.failed + done_.warning > 0)
    status = kSomeFailed;
  DcmDataset failed;
  if (!done_.failed_instances.empty())
    failed.putAndInsertString(DCM_FailedSOPInstanceUIDList, done_.failed_instances.c_str());
  respond(status, done_.failed_instances.empty() ? nullptr : &failed, nullptr);
  count("meridian_dicom_retrievals_total", {{"status", status_text(status)}});
}

const DimsePeer* Retrieval::destination(const std::string& ae_title) const {
  const auto found = std::ranges::find(options_.destinations, ae_title, &DimsePeer::ae_title);
  return found == options_.destinations.end() ? nullptr : &*found;
}

// As many associations as their presentation contexts need: an association has 128.
void Retrieval::move(const T_DIMSE_C_MoveRQ& request, const std::vector<Instance>& instances,
                     const std::function<bool()>& cancelled, const Respond& respond) {
  const DimsePeer& peer = *destination(request.MoveDestination);
  const MoveOriginator originator{association_.peer().calling_ae_title, request.MessageID};
  bool complete = true;
  for (auto next = instances.begin(); complete && next != instances.end();) {
    StoreContexts contexts;
    std::vector<Instance> batch;
    for (; next != instances.end() && contexts.size() + 3 <= kMostContexts; ++next) {
      for (const std::string_view syntax : {std::string_view(next->transfer_syntax),
                                            archive::kExplicitLittleEndian, archive::kImplicitLittleEndian})
        contexts.emplace(next->sop_class, syntax);
      batch.push_back(*next);
    }
    StoreUser user(peer, contexts);
    complete = send_all(
        batch, [&](const std::string& file) { return user.store(file, originator); }, cancelled, respond);
  }
  finish(!complete, respond);
}

void Retrieval::answer_move(const T_DIMSE_C_MoveRQ& request, T_ASC_PresentationContextID context) {
  const auto identifier = association_.receive_dataset(context, options_.idle);
  const Respond respond = [&](std::uint16_t status, DcmDataset* failed, DcmDataset* detail) {
    T_DIMSE_C_MoveRSP response{};
    fill(response, status, done_, failed);
    check(DIMSE_sendMoveResponse(association_.get(), context, &request, &response, failed, detail));
  };
  const auto cancelled = [&] {
    return DIMSE_checkForCancelRQ(association_.get(), context, request.MessageID).good();
  };
  if (!destination(request.MoveDestination))
    return respond_to({kUnknownDestination, "This node does not know the destination"}, respond);
  try {
    const std::vector<Instance> instances = find(*identifier, request.AffectedSOPClassUID);
    done_.remaining = instances.size();
    move(request, instances, cancelled, respond);
  } catch (const Error& error) {
    Outcome outcome = outcome_of(error);
    if (error.code() == ErrorCode::unavailable) outcome.status = kAllFailed;  // the destination
    done_.failed += std::exchange(done_.remaining, 0);
    log_warning("dicom-move-failed", {{"peer", association_.peer().calling_ae_title},
                                      {"destination", request.MoveDestination},
                                      {"reason", outcome.comment}});
    respond_to(outcome, respond);
  }
}

void Retrieval::answer_get(const T_DIMSE_C_GetRQ& request, T_ASC_PresentationContextID context) {
  const auto identifier = association_.receive_dataset(context, options_.idle);
  const Respond respond = [&](std::uint16_t status, DcmDataset* failed, DcmDataset* detail) {
    T_DIMSE_C_GetRSP response{};
    fill(response, status, done_, failed);
    check(DIMSE_sendGetResponse(association_.get(), context, &request, &response, failed, detail));
  };
  std::vector<Instance> instances;
  try {
    instances = find(*identifier, request.AffectedSOPClassUID);
  } catch (const Error& error) {
    return respond_to(outcome_of(error), respond);
  }
  done_.remaining = instances.size();
  StoreOperation operation(association_.get(), StoreRole::of_acceptor, options_.idle);
  const auto cancelled = [&] {
    return operation.cancelled() ||
           DIMSE_checkForCancelRQ(association_.get(), context, request.MessageID).good();
  };
  const bool complete = send_all(
      instances, [&](std::string file) { return operation.run(std::move(file)); }, cancelled, respond);
  finish(!complete, respond);
}

}  // namespace meridian::doors::dimse
