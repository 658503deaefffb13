#include "archive/nifti.h"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstring>
#include <optional>
#include <utility>

#include "base/error.h"

namespace meridian::archive {
namespace {

// Places in the header (nifti1.h of the standard).
constexpr std::size_t kHeaderSize = 348, kDimensions = 40, kDataType = 70, kBitsPerVoxel = 72, kSpacing = 76,
                      kDataOffset = 108, kSlope = 112, kIntercept = 116, kLargestValue = 124, kMagic = 344;
// Texts: the kind of data and the name of the data base; a description and another file's name; the intent's.
constexpr std::array<std::pair<std::size_t, std::size_t>, 3> kTexts{{{4, 32}, {148, 252}, {328, 344}}};
constexpr std::int64_t kFarthestData = 1 << 20;                  // headers with extensions end long before
constexpr int kInflateGzip = 15 + 16, kInflateEither = 15 + 32;  // zlib's window bits

static_assert(std::endian::native == std::endian::little);

enum class Type : std::int16_t {
  uint8 = 2,
  int16 = 4,
  int32 = 8,
  float32 = 16,
  float64 = 64,
  int8 = 256,
  uint16 = 512,
  uint32 = 768
};

template <class Number>
Number number_at(std::string_view bytes, std::size_t at, bool swapped = false) {
  char raw[sizeof(Number)];
  std::memcpy(raw, bytes.data() + at, sizeof raw);
  if (swapped) std::reverse(std::begin(raw), std::end(raw));
  Number number;
  std::memcpy(&number, raw, sizeof number);
  return number;
}

template <class Number>
void put_number(std::string& bytes, std::size_t at, Number number) {
  std::memcpy(bytes.data() + at, &number, sizeof number);
}

bool is_compressed(std::string_view bytes) {
  return bytes.starts_with("\x1f\x8b");
}

[[noreturn]] void broken(const char* what) {
  throw Error(ErrorCode::invalid_syntax, what, {}, "Send the whole file again");
}

// Inflates step by step, never further than asked.
class Inflater {
 public:
  explicit Inflater(std::string_view compressed) {
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(compressed.data()));
    stream_.avail_in = static_cast<uInt>(std::min<std::size_t>(compressed.size(), 0xFFFFFFFFu));
    if (inflateInit2(&stream_, kInflateEither) != Z_OK)
      throw Error(ErrorCode::internal, "zlib cannot be used");
  }
  ~Inflater() { inflateEnd(&stream_); }
  Inflater(const Inflater&) = delete;

  std::string next(std::size_t size) {
    std::string out(size, '\0');
    stream_.next_out = reinterpret_cast<Bytef*>(out.data());
    stream_.avail_out = static_cast<uInt>(size);
    while (stream_.avail_out > 0)
      if (inflate(&stream_, Z_NO_FLUSH) != Z_OK) break;
    if (stream_.avail_out > 0) broken("The NIfTI file ends before its voxels do");
    return out;
  }

 private:
  z_stream stream_{};
};

// The bytes of the file from its start on, whether or not it is compressed.
class Source {
 public:
  explicit Source(std::string_view file) : file_(file) {
    if (is_compressed(file)) inflater_.emplace(file);
  }
  std::string next(std::size_t size) {
    if (inflater_) return inflater_->next(size);
    if (file_.size() < size) broken("The NIfTI file ends before its voxels do");
    std::string out(file_.substr(0, size));
    file_.remove_prefix(size);
    return out;
  }

 private:
  std::string_view file_;
  std::optional<Inflater> inflater_;
};

struct Header {
  bool swapped = false;
  std::array<std::int64_t, 3> sides{};
  std::array<double, 3> spacing{};
  Type type{};
  std::size_t offset = 0;
  double slope = 1, intercept = 0;

  std::int64_t voxels() const { return sides[0] * sides[1] * sides[2]; }
};

std::size_t width_of(Type type) {
  switch (type) {
    case Type::uint8:
    case Type::int8:
      return 1;
    case Type::int16:
    case Type::uint16:
      return 2;
    case Type::int32:
    case Type::uint32:
    case Type::float32:
      return 4;
    case Type::float64:
      return 8;
  }
  throw Error(ErrorCode::not_supported, "The volume's numbers are of a kind that is not read here", {},
              "Send integers or real numbers of one value a voxel");
}

void read_sides(Header& header, std::string_view bytes) {
  const auto dimension = [&](std::size_t i) {
    return number_at<std::int16_t>(bytes, kDimensions + 2 * i, header.swapped);
  };
  const int count = dimension(0);
  if (count < 3 || count > 7) throw Error(ErrorCode::not_supported, "The NIfTI file is not of a volume");
  for (std::size_t i = 0; i < 3; ++i) {
    header.sides[i] = dimension(i + 1);
    if (header.sides[i] < 1) broken("The volume has a side without voxels");
    header.spacing[i] = std::abs(number_at<float>(bytes, kSpacing + 4 * (i + 1), header.swapped));
    if (!(header.spacing[i] > 0 && header.spacing[i] < 1000)) header.spacing[i] = 1;
  }
  for (int i = 4; i <= count; ++i)
    if (dimension(static_cast<std::size_t>(i)) > 1)
      throw Error(ErrorCode::not_supported, "The NIfTI file holds several volumes", {}, "Send one of them");
  if (header.sides[0] * header.sides[1] > kMostVoxels || header.voxels() > kMostVoxels)
    throw Error(ErrorCode::too_large, "The volume has too many voxels", {},
                "Send at most " + std::to_string(kMostVoxels) + " voxels");
}

Header read_header(std::string_view bytes) {
  Header header;
  header.swapped = number_at<std::int32_t>(bytes, 0) != static_cast<std::int32_t>(kHeaderSize);
  if (number_at<std::int32_t>(bytes, 0, header.swapped) != static_cast<std::int32_t>(kHeaderSize) ||
      bytes.substr(kMagic, 3) != "n+1")
    throw Error(ErrorCode::unsupported_media_type, "This is not a NIfTI-1 file of one part");
  read_sides(header, bytes);
  header.type = static_cast<Type>(number_at<std::int16_t>(bytes, kDataType, header.swapped));
  width_of(header.type);
  const float offset = number_at<float>(bytes, kDataOffset, header.swapped);
  if (!(offset >= static_cast<float>(kHeaderSize) && offset <= static_cast<float>(kFarthestData)))
    broken("The volume's voxels cannot be found");
  header.offset = static_cast<std::size_t>(offset);
  const float slope = number_at<float>(bytes, kSlope, header.swapped);
  const float intercept = number_at<float>(bytes, kIntercept, header.swapped);
  if (std::isfinite(slope) && slope != 0 && std::isfinite(intercept)) {
    header.slope = slope;
    header.intercept = intercept;
  }
  return header;
}

template <class Number>
std::vector<float> scaled(std::string_view bytes, const Header& header) {
  std::vector<float> values(bytes.size() / sizeof(Number));
  for (std::size_t i = 0; i < values.size(); ++i) {
    const auto stored = static_cast<double>(number_at<Number>(bytes, i * sizeof(Number), header.swapped));
    const auto value = static_cast<float>(stored * header.slope + header.intercept);
    values[i] = std::isfinite(value) ? value : 0;
  }
  return values;
}

std::vector<float> voxels(std::string_view bytes, const Header& header) {
  switch (header.type) {
    case Type::uint8:
      return scaled<std::uint8_t>(bytes, header);
    case Type::int8:
      return scaled<std::int8_t>(bytes, header);
    case Type::int16:
      return scaled<std::int16_t>(bytes, header);
    case Type::uint16:
      return scaled<std::uint16_t>(bytes, header);
    case Type::int32:
      return scaled<std::int32_t>(bytes, header);
    case Type::uint32:
      return scaled<std::uint32_t>(bytes, header);
    case Type::float32:
      return scaled<float>(bytes, header);
    case Type::float64:
      return scaled<double>(bytes, header);
  }
  return {};
}

// Runs of numbers of one width in the header; between them lie texts.
struct Run {
  std::size_t begin, end, width;
};
constexpr std::array<Run, 11> kRuns{{{0, 4, 4},
                                     {32, 36, 4},
                                     {36, 38, 2},
                                     {40, 56, 2},
                                     {56, 68, 4},
                                     {68, 76, 2},
                                     {76, 120, 4},
                                     {120, 122, 2},
                                     {124, 148, 4},
                                     {252, 256, 2},
                                     {256, 328, 4}}};

void reverse_each(std::string& bytes, const Run& run) {
  for (std::size_t at = run.begin; at < run.end; at += run.width)
    std::reverse(bytes.begin() + static_cast<std::ptrdiff_t>(at),
                 bytes.begin() + static_cast<std::ptrdiff_t>(at + run.width));
}

std::string in_machine_order(std::string header, bool swapped) {
  if (!swapped) return header;
  for (const Run& run : kRuns) reverse_each(header, run);
  return header;
}

std::string compressed(std::string_view bytes) {
  z_stream stream{};
  if (deflateInit2(&stream, 1, Z_DEFLATED, kInflateGzip, 8, Z_DEFAULT_STRATEGY) != Z_OK)
    throw Error(ErrorCode::internal, "zlib cannot be used");
  std::string out(deflateBound(&stream, bytes.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

}  // namespace

bool is_nifti(std::string_view bytes) {
  try {
    read_header(Source(bytes).next(kHeaderSize));
    return true;
  } catch (const Error& error) {
    return error.code() == ErrorCode::too_large || error.code() == ErrorCode::not_supported;
  }
}

Nifti read_nifti(std::string_view bytes) {
  Source source(bytes);
  std::string raw = source.next(kHeaderSize);
  const Header header = read_header(raw);
  source.next(header.offset - kHeaderSize);
  const std::string data = source.next(static_cast<std::size_t>(header.voxels()) * width_of(header.type));
  Nifti nifti;
  nifti.volume = {static_cast<int>(header.sides[0]), static_cast<int>(header.sides[1]),
                  static_cast<int>(header.sides[2]), voxels(data, header), header.spacing};
  nifti.header = in_machine_order(std::move(raw), header.swapped);
  return nifti;
}

std::string compose_nifti_labels(const std::string& header, std::span<const std::uint8_t> labels) {
  if (header.size() != kHeaderSize ||
      read_header(header).voxels() != static_cast<std::int64_t>(labels.size()))
    throw Error(ErrorCode::invalid_value, "There are not as many labels as voxels");
  std::string file = header;
  put_number<std::int16_t>(file, kDataType, static_cast<std::int16_t>(Type::uint8));
  put_number<std::int16_t>(file, kBitsPerVoxel, 8);
  put_number<float>(file, kDataOffset, kHeaderSize + 4);
  put_number<float>(file, kSlope, 1);
  put_number<float>(file, kIntercept, 0);
  put_number<float>(file, kLargestValue, 0);
  put_number<float>(file, kLargestValue + 4, 0);
  // Texts may say whose it is.
  for (const auto& [begin, end] : kTexts)
    std::fill(file.begin() + static_cast<std::ptrdiff_t>(begin),
              file.begin() + static_cast<std::ptrdiff_t>(end), '\0');
  file += std::string(4, '\0');  // no extensions
  file.append(reinterpret_cast<const char*>(labels.data()), labels.size());
  return compressed(file);
}

}  // namespace meridian::archive
