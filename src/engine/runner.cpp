#include "engine/runner.h"

#include <algorithm>
#include <array>

#include "base/error.h"
#include "base/log.h"
#include "base/metrics.h"
#include "engine/consent.h"
#include "engine/reading_results.h"
#include "engine/run_progress.h"
#include "storage/job_lease.h"

namespace meridian::engine {
namespace {

// Errors of the input itself: asking again would give the same.
bool is_fault_of_input(ErrorCode code) {
  constexpr std::array kFaults{ErrorCode::invalid_syntax,
                               ErrorCode::invalid_structure,
                               ErrorCode::invalid_value,
                               ErrorCode::not_supported,
                               ErrorCode::unsupported_media_type,
                               ErrorCode::too_large,
                               ErrorCode::not_found,
                               ErrorCode::gone,
                               ErrorCode::refused,
                               ErrorCode::corrupted,
                               ErrorCode::not_acceptable};
  return std::find(kFaults.begin(), kFaults.end(), code) != kFaults.end();
}

Refusal unreadable(const Error& error) {
  return {"unreadable",
          {std::string("Not analysed, because the input cannot be read: ") + error.what() + ".",
           std::string("未分析：无法读取输入（") + error.what() + "）。"}};
}

Json::Object fields(const storage::Job& job, const RunRequest& request) {
  return {{"job", job.number},
          {"assistant", request.assistant},
          {"input", request.input()},
          {"attempt", job.attempt}};
}

double seconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

}  // namespace

Runner::Runner(record::Record& record, storage::Queue& queue, Registry& registry,
               const archive::Archive& archive, const RunnerOptions& options)
    : record_(record),
      queue_(queue),
      registry_(registry),
      loader_(record, archive),
      archive_(archive),
      options_(options) {}

Runner::~Runner() {
  stop();
}

void Runner::on_result(RunListener listener) {
  listeners_.push_back(std::move(listener));
}

void Runner::start() {
  stopping_ = false;
  for (int i = 0; i < options_.workers; ++i) workers_.emplace_back([this] { work(); });
}

void Runner::stop() {
  stopping_ = true;
  for (std::thread& worker : workers_) worker.join();
  workers_.clear();
}

void Runner::work() {
  constexpr std::chrono::milliseconds kLookAgain{200};  // also how soon stop() is noticed
  while (!stopping_) {
    try {
      if (!run_one()) queue_.wait(kLookAgain);
    } catch (const std::exception& error) {
      log_error("assistant-run-lost", {{"reason", error.what()}});  // the job stays, and its lease runs out
      queue_.wait(kLookAgain);
    }
  }
}

bool Runner::run_one() {
  const auto job = queue_.take(std::string(kRunTopic), options_.lease);
  if (!job) return false;
  const RunRequest request = RunRequest::from_json(job->payload);
  const Assistant* assistant = registry_.find(request.assistant);
  if (!assistant) {
    log_warning("assistant-not-installed", fields(*job, request));
    queue_.fail(*job, "The assistant " + request.assistant + " is not installed", options_.attempts);
    return true;
  }
  try {
    run(*job, *assistant, request);
  } catch (const Error& error) {
    if (error.code() != ErrorCode::conflict) throw;
    log_warning("assistant-run-superseded", fields(*job, request));  // another worker has the job now
  }
  return true;
}

void Runner::run(const storage::Job& job, const Assistant& assistant, const RunRequest& request) {
  const Card& card = assistant.card();
  RunResult result{request, &card, {}, {}};
  const AssistantState state = registry_.state(card.id);
  if (!state.on) return finish_without_draft(job, result, {"off", "off", state.reason});
  if (const auto withheld = withheld_from(record_, card, request.patient))
    return finish_without_draft(job, result, {"withheld", "consent-withheld", *withheld});
  if (const auto missing = registry_.unavailable(card.id)) return postpone(job, result, *missing);
  const auto start = std::chrono::steady_clock::now();
  KeptRun progress(registry_.database(), queue_, job, request, card, options_.lease, stopping_);
  try {
    LoadedInput loaded;
    try {
      loaded = loader_.load(card, request);
    } catch (const Error& error) {
      if (!is_fault_of_input(error.code())) throw;
      result.reading.refused = unreadable(error);
    }
    if (!result.reading.refused) {
      loaded.input.long_run = &progress;
      result.reading = assistant.run(loaded.input);
      result.request.instance = instance_of(request, loaded, result.reading);
    }
  } catch (const Error& error) {
    if (error.code() == ErrorCode::busy && stopping_) return give_back(job);
    if (error.code() == ErrorCode::conflict) throw;
    return postpone(job, result, {error.what(), error.what()});
  } catch (const std::exception& error) {
    return postpone(job, result, {error.what(), error.what()});
  }
  observe_seconds("meridian_assistant_run_seconds", seconds_since(start), {{"assistant", card.id}});
  if (const auto withheld = withheld_from(record_, card, request.patient))  // since it began
    return finish_without_draft(job, result, {"withheld", "consent-withheld", *withheld});
  if (const auto& refused = result.reading.refused)
    finish_without_draft(job, result, {"refused", refused->reason, refused->text});
  else
    finish(job, result);
}

void Runner::tell(record::Writer& writer, const RunResult& result) const {
  for (const RunListener& listener : listeners_) listener(writer, result);
}

void Runner::finish(const storage::Job& job, const RunResult& result) {
  ReceivedResults objects(archive_, *result.card, result.request, result.reading);
  record_.write(principal_of(*result.card), [&](record::Writer& writer) {
    const WrittenDraft written = write_draft(writer, *result.card, result.request, result.reading);
    queue_.finish(writer.transaction(), job);
    forget_progress(writer.transaction(), result.request);
    if (!written.changed) return;
    if (written.created) {
      registry_.count(writer.transaction(), result.card->id, Outcome::drafted);
      registry_.note(writer.transaction(), result.card->id, result.reading);
    }
    RunResult told = result;
    told.report = written.report;
    told.objects = objects.file(writer.transaction());
    tell(writer, told);
  });
  log_info("assistant-drafted", fields(job, result.request));
}

void Runner::finish_without_draft(const storage::Job& job, const RunResult& result, const NotRun& why) {
  record_.write(principal_of(*result.card), [&](record::Writer& writer) {
    write_not_run(writer, *result.card, result.request, why);
    queue_.finish(writer.transaction(), job);
    forget_progress(writer.transaction(), result.request);
    if (why.outcome == "refused") {
      registry_.count(writer.transaction(), result.card->id, Outcome::refused);
      registry_.note(writer.transaction(), result.card->id, result.reading);
    }
    tell(writer, result);
  });
  auto entry = fields(job, result.request);
  entry.emplace_back("reason", why.reason_code);
  log_info("assistant-not-run", entry);
}

void Runner::give_back(const storage::Job& job) {
  registry_.database().write(
      [&](storage::Transaction& transaction) { storage::give_back(transaction, queue_, job); });
}

void Runner::postpone(const storage::Job& job, const RunResult& result, const LocalizedText& reason) {
  const bool unavailable = registry_.unavailable(result.card->id).has_value();
  NotRun why{unavailable ? "unavailable" : "failed", unavailable ? "unavailable" : "failed", {}};
  why.text = {"Not analysed yet: " + reason.en + " It is tried again.",
              "尚未分析：" + reason.zh + "稍后重试。"};
  record_.write(principal_of(*result.card), [&](record::Writer& writer) {
    write_not_run(writer, *result.card, result.request, why);
    tell(writer, result);
  });
  auto entry = fields(job, result.request);
  entry.emplace_back("reason", reason.en);
  log_warning("assistant-run-failed", entry);
  queue_.fail(job, reason.en, options_.attempts);
}

}  // namespace meridian::engine
