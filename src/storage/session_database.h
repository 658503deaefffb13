// A database of one writer with group commit and a pool of readers, whatever its engine.
#pragma once
#include "storage/group_commit.h"
#include "storage/listeners.h"
#include "storage/reader_pool.h"

namespace meridian::storage {

class SessionDatabase : public Database {
 public:
  // As listen (notices.h).
  virtual std::shared_ptr<void> listen(const std::string& channel,
                                       std::function<void(std::string_view)> function) {
    return listeners_->add(channel, std::move(function));
  }

 protected:
  SessionDatabase(std::unique_ptr<Session> writer, std::vector<std::unique_ptr<Session>> readers)
      : writer_(std::move(writer), listeners_), readers_(std::move(readers)) {}

  void write_erased(const std::function<void(Transaction&)>& function) override { writer_.write(function); }
  void read_erased(const std::function<void(Connection&)>& function) override { readers_.read(function); }

 protected:
  const std::shared_ptr<Listeners> listeners_ = std::make_shared<Listeners>();

 private:
  GroupCommitWriter writer_;
  ReaderPool readers_;
};

}  // namespace meridian::storage
