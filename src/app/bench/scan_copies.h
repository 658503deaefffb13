// A drawn CT image under ever new UIDs, as a load of instances.
#pragma once
#include <cstdint>
#include <string>

namespace meridian::app {

inline constexpr const char* kCtImageStorage = "1.2.840.10008.5.1.4.1.1.2";

struct ScanSize {
  int side = 512;  // pixels, of 16 bits
  int frames = 1;  // more: as Multi-frame Grayscale Word Secondary Capture
  int per_series = 50, per_study = 1'000'000;
};

class ScanCopies {
 public:
  // Encoded once, so that the load costs little beside the peer that is measured.
  explicit ScanCopies(const ScanSize& size);

  // The next instance as a Part 10 file, valid until the one after. A new study has a patient of its own.
  const std::string& next();
  // Of the last one.
  std::string instance_uid() const { return instance_; }
  std::string series_uid() const { return series_; }
  std::string study_uid() const { return study_; }

 private:
  void renew(std::string& uid, int kind);

  const ScanSize size_;
  std::string file_;
  std::size_t header_bytes_ = 0;  // before the pixels
  std::string patient_, study_, series_, instance_;
  std::int64_t made_ = 0;
};

}  // namespace meridian::app
