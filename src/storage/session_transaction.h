// What every Transaction can do besides (rows.h, notices.h).
#pragma once
#include "storage/rows.h"

namespace meridian::storage {

class SessionTransaction : public Transaction {
 public:
  virtual void send_rows(const Rows& rows) = 0;
  virtual void send_late(std::string_view table, std::string_view sql, std::span<const Value> values) = 0;
  virtual void tell(std::string_view channel, std::string_view text) = 0;
};

}  // namespace meridian::storage
