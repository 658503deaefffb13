// Files that lie. Whatever they say, the answer is an Error or an instance, and never more memory than they
// bear out.
#include <gtest/gtest.h>
#include <zlib.h>

#include "archive/archive_fixture.h"
#include "archive/bytes.h"
#include "archive/decode.h"
#include "archive/json_dataset.h"
#include "archive/metadata.h"
#include "archive/parse.h"
#include "archive/part10.h"
#include "archive/render.h"
#include "archive/transcode.h"
#include "base/file.h"
#include "base/temporary_folder.h"

namespace meridian::archive {
namespace {

// Parses, and looks at what was parsed in every way; an Error is a fine answer.
void look_at(const std::string& bytes) {
  try {
    Parsed parsed = parse_instance(bytes);
    const std::string file = inflate_part10(std::move(parsed.file));
    const FileMeta meta = read_file_meta(file);
    dicom_json(std::string_view(file).substr(meta.dataset_offset), *meta.syntax, 0, "bulk").dump();
    render_frame(StoredImage::of_file(bytes), {});
  } catch (const Error&) {
  }
}

void append_long(std::string& out, std::uint32_t tag, const char* vr, std::string_view value,
                 std::uint32_t length) {
  append_u16(out, static_cast<std::uint16_t>(tag >> 16));
  append_u16(out, static_cast<std::uint16_t>(tag));
  out.append(vr, 2);
  append_u16(out, 0);
  append_u32(out, length);
  out += value;
}

void append_short(std::string& out, std::uint32_t tag, const char* vr, std::string_view value) {
  append_u16(out, static_cast<std::uint16_t>(tag >> 16));
  append_u16(out, static_cast<std::uint16_t>(tag));
  out.append(vr, 2);
  append_u16(out, static_cast<std::uint16_t>(value.size()));
  out += value;
}

std::string uids() {
  std::string dataset;
  append_short(dataset, 0x00080016, "UI", std::string("1.2.840.10008.5.1.4.1.1.7\0", 26));
  append_short(dataset, 0x00080018, "UI", "1.2.34");
  append_short(dataset, 0x0020000D, "UI", "1.2.35");
  append_short(dataset, 0x0020000E, "UI", "1.2.36");
  return dataset;
}

std::string as_file(const std::string& dataset, std::string_view syntax = kExplicitLittleEndian) {
  return make_part10(dataset, "1.2.840.10008.5.1.4.1.1.7", "1.2.34", syntax);
}

std::string u16(std::uint16_t value) {
  std::string out;
  append_u16(out, value);
  return out;
}

TEST(HostileDicom, IsRefusedWhereverItIsCut) {
  const std::string film = compose_film(ramp(64, 64), film_facts());
  for (std::size_t i = 0; i < 16; ++i) {
    const std::string cut = film.substr(0, film.size() * i / 16);
    EXPECT_EQ(code_of([&] { parse_instance(cut); }), ErrorCode::invalid_syntax) << i << "/16";
  }
}

// A file that ends between two elements looks whole, unless what it still says asks for pixels.
TEST(HostileDicom, NeverHasPixelsWhereverItIsCut) {
  const std::string film = compose_film(ramp(2, 1), film_facts());
  int looked_whole = 0;
  for (std::size_t size = 0; size < film.size(); ++size) {
    try {
      const Parsed parsed = parse_instance(film.substr(0, size));
      EXPECT_EQ(parsed.pixels.tag, 0u) << size;
      EXPECT_EQ(parsed.facts.rows, 0) << size;
      ++looked_whole;
    } catch (const Error& error) {
      EXPECT_EQ(error.code() == ErrorCode::invalid_syntax || error.code() == ErrorCode::invalid_structure,
                true)
          << size;
    }
  }
  EXPECT_LT(looked_whole, 20);
}

TEST(HostileDicom, SurvivesEveryFlippedBit) {
  const std::string film = compose_film(ramp(4, 4), film_facts());
  for (std::size_t i = 128; i < film.size(); ++i) {
    std::string flipped = film;
    flipped[i] = static_cast<char>(flipped[i] ^ (1 << i % 8));
    look_at(flipped);
  }
}

TEST(HostileDicom, IsNotBelievedItsLengths) {
  for (const std::uint32_t length : {0x100u, 0x7FFFFFFFu, 0xFFFFFFFEu, 0xFFFFFFFFu}) {
    std::string pixels = uids(), sequence = uids();
    append_long(pixels, 0x7FE00010, "OW", "abcd", length);
    append_long(sequence, 0x00400275, "SQ", "", length);
    EXPECT_EQ(code_of([&] { parse_instance(as_file(pixels)); }), ErrorCode::invalid_syntax) << length;
    EXPECT_EQ(code_of([&] { parse_instance(as_file(sequence)); }), ErrorCode::invalid_syntax) << length;
  }
}

TEST(HostileDicom, MayNotNestWithoutEnd) {
  std::string explicit_vr = uids(), implicit_vr, unknown = uids();
  for (int i = 0; i < 10'000; ++i) {
    append_long(explicit_vr, 0x00400275, "SQ", "", 0xFFFFFFFF);
    append_u32(explicit_vr, 0xE000FFFE);
    append_u32(explicit_vr, 0xFFFFFFFF);
  }
  EXPECT_EQ(code_of([&] { parse_instance(as_file(explicit_vr)); }), ErrorCode::too_large);

  std::string inside;  // from the innermost outwards, all lengths right
  for (int i = 0; i < 500; ++i) {
    std::string item;
    append_u32(item, 0xE000FFFE);
    append_u32(item, static_cast<std::uint32_t>(inside.size()));
    item += inside;
    inside.clear();
    append_u32(inside, 0x02750040);
    append_u32(inside, static_cast<std::uint32_t>(item.size()));
    inside += item;
  }
  EXPECT_EQ(code_of([&] { parse_instance(as_file(inside, kImplicitLittleEndian)); }), ErrorCode::too_large);
  append_long(unknown, 0x00091001, "UN", inside.substr(8), static_cast<std::uint32_t>(inside.size() - 8));
  EXPECT_EQ(code_of([&] { parse_instance(as_file(unknown)); }), ErrorCode::too_large);
}

TEST(HostileDicom, IsRefusedWithoutItsUids) {
  const auto code = [](const std::string& uid) {
    std::string dataset = uids();
    dataset.replace(dataset.find("1.2.35"), 6, uid);
    return code_of([&] { parse_instance(as_file(dataset)); });
  };
  EXPECT_EQ(code("      "), ErrorCode::invalid_structure);
  EXPECT_EQ(code("../../"), ErrorCode::invalid_structure);
  EXPECT_EQ(code("1.2\n35"), ErrorCode::invalid_structure);
  std::string none = uids();
  none.resize(none.size() - 14);
  EXPECT_EQ(code_of([&] { parse_instance(as_file(none)); }), ErrorCode::invalid_structure);
}

TEST(HostileDicom, SaysWhatItIsNot) {
  EXPECT_EQ(code_of([] { parse_instance(""); }), ErrorCode::invalid_syntax);
  EXPECT_EQ(code_of([] { parse_instance("GIF89a and so on"); }), ErrorCode::invalid_syntax);
  EXPECT_EQ(code_of([] { parse_instance(std::string(1 << 20, '\0')); }), ErrorCode::invalid_syntax);
  EXPECT_EQ(code_of([] { parse_instance(as_file(uids(), "1.2.3.4")); }), ErrorCode::not_supported);
  std::string wrong_vr = uids();
  append_short(wrong_vr, 0x00200010, "?!", "xx");
  EXPECT_EQ(code_of([&] { parse_instance(as_file(wrong_vr)); }), ErrorCode::invalid_syntax);
}

TEST(HostileDicom, IsTakenWithoutPreambleAndMeta) {
  const std::string film = compose_film(ramp(8, 8), film_facts());
  const FileMeta meta = read_file_meta(film);
  const Parsed bare = parse_instance(film.substr(meta.dataset_offset));
  EXPECT_EQ(bare.file, film);
  EXPECT_EQ(parse_instance(film.substr(132)).file, film);
}

std::string deflated(const std::string& dataset) {
  std::string out(compressBound(dataset.size()) + 64, '\0');
  z_stream stream{};
  deflateInit2(&stream, 9, Z_DEFLATED, -MAX_WBITS, 9, Z_DEFAULT_STRATEGY);
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(dataset.data()));
  stream.avail_in = static_cast<uInt>(dataset.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

TEST(HostileDicom, MayBeDeflatedButNoBomb) {
  constexpr std::string_view kDeflated = "1.2.840.10008.1.2.1.99";
  EXPECT_EQ(parse_instance(as_file(deflated(uids()), kDeflated)).facts.key.instance, "1.2.34");
  std::string bomb = uids();
  append_long(bomb, 0x7FE00010, "OW", std::string(256u << 20, '\0'), 256u << 20);
  EXPECT_EQ(code_of([&] { parse_instance(as_file(deflated(bomb), kDeflated)); }), ErrorCode::too_large);
  EXPECT_EQ(code_of([&] { parse_instance(as_file("no deflate stream", kDeflated)); }),
            ErrorCode::invalid_syntax);
}

std::string image(std::uint16_t rows, std::uint16_t columns, std::uint16_t bits) {
  std::string dataset = uids();
  append_short(dataset, 0x00280002, "US", u16(1));
  append_short(dataset, 0x00280004, "CS", "MONOCHROME2 ");
  append_short(dataset, 0x00280008, "IS", "999999");
  append_short(dataset, 0x00280010, "US", u16(rows));
  append_short(dataset, 0x00280011, "US", u16(columns));
  append_short(dataset, 0x00280100, "US", u16(bits));
  append_short(dataset, 0x00280101, "US", u16(bits));
  return dataset;
}

TEST(HostileDicom, IsNotBelievedItsSize) {
  std::string native = image(65535, 65535, 16);
  append_long(native, 0x7FE00010, "OW", "abcd", 4);
  const Parsed parsed = parse_instance(as_file(native));
  ASSERT_FALSE(parsed.flaws.empty());
  EXPECT_EQ(code_of([&] { render_frame(StoredImage::of_file(parsed.file), {}); }), ErrorCode::corrupted);

  std::string items, compressed = image(65535, 65535, 16);
  append_u32(items, 0xE000FFFE);
  append_u32(items, 0);
  append_u32(items, 0xE000FFFE);
  append_u32(items, 4);
  items += "\xFF\xD8\xFF\xC0";
  append_u32(items, 0xE0DDFFFE);
  append_u32(items, 0);
  append_long(compressed, 0x7FE00010, "OB", items, 0xFFFFFFFF);
  compressed.replace(compressed.find("999999"), 6, "1     ");
  const std::string file = as_file(compressed, "1.2.840.10008.1.2.4.70");
  EXPECT_EQ(code_of([&] { render_frame(StoredImage::of_file(file), {}); }), ErrorCode::too_large);
}

// Each frame is small enough to be decoded; all of them at once are not.
TEST(HostileDicom, IsNotBelievedTheSizeOfAllItsFrames) {
  const TemporaryFolder folder;
  vision::GreyImage blank{.width = 4000, .height = 3000};
  blank.pixels.assign(std::size_t(4000) * 3000, 0.5f);
  write_file(folder / "plain.dcm", compose_film(blank, film_facts()));
  const std::string command =
      "dcmcjpls " + (folder / "plain.dcm").string() + " " + (folder / "small.dcm").string();
  ASSERT_EQ(std::system(command.c_str()), 0);
  const std::string frame = StoredImage::of_file(read_file(folder / "small.dcm")).stored_frame(1);
  ASSERT_LT(frame.size(), 20'000u);
  const auto film = [&](int frames) {
    std::string items, dataset = uids();
    for (int i = 0; i <= frames; ++i) {
      append_u32(items, 0xE000FFFE);
      append_u32(items, i ? static_cast<std::uint32_t>(frame.size()) : 0);
      if (i) items += frame;
    }
    append_u32(items, 0xE0DDFFFE);
    append_u32(items, 0);
    append_short(dataset, 0x00280002, "US", u16(1));
    append_short(dataset, 0x00280004, "CS", "MONOCHROME2 ");
    append_short(dataset, 0x00280008, "IS",
                 frames < 10 ? "0" + std::to_string(frames) : std::to_string(frames));
    append_short(dataset, 0x00280010, "US", u16(3000));
    append_short(dataset, 0x00280011, "US", u16(4000));
    append_short(dataset, 0x00280100, "US", u16(16));
    append_short(dataset, 0x00280101, "US", u16(12));
    append_short(dataset, 0x00280102, "US", u16(11));
    append_short(dataset, 0x00280103, "US", u16(0));
    append_long(dataset, 0x7FE00010, "OB", items, 0xFFFFFFFF);
    return as_file(dataset, "1.2.840.10008.1.2.4.80");
  };
  EXPECT_GT(to_native(film(1), kExplicitLittleEndian).size(), 24'000'000u);
  EXPECT_EQ(code_of([&] { to_native(film(20), kExplicitLittleEndian); }), ErrorCode::too_large);
}

// Within such a walk DCMTK's decoder stands still for ever.
TEST(HostileDicom, IsRefusedWithoutAJpegFrameHeader) {
  using namespace std::string_literals;
  const PixelFormat format{
      .rows = 4, .columns = 4, .bits_allocated = 16, .bits_stored = 12, .photometric = "MONOCHROME2"};
  const TransferSyntax& lossless = *find_transfer_syntax("1.2.840.10008.1.2.4.70");
  const std::string start = "\xFF\xD8\xFF\xE0\x00\x04--"s;
  for (const std::string& after :
       {"\xFF\x01\x28\x00\x04\x00\x04\x00"s, "\xFF\xE1\x00\x00\xFF\xC3\x00\x0B\x0C"s,
        "\xFF\xE1\xFF\xFF\xFF\xC3"s, "\xFF\xFF\xFF\xFF\xFF\xFF"s, "text"s, ""s})
    EXPECT_EQ(code_of([&] { decode_frame(lossless, format, start + after); }), ErrorCode::corrupted);
}

TEST(HostileDicom, CannotBeShownWithOddBits) {
  std::string odd = image(2, 2, 7);
  append_long(odd, 0x7FE00010, "OW", "abcd", 4);
  EXPECT_EQ(code_of([&] { render_frame(StoredImage::of_file(as_file(odd)), {}); }), ErrorCode::corrupted);
}

// A compressed frame in an element that holds none: found by fuzz/dicom_json_fuzz.cpp.
TEST(HostileDicom, InJsonMayNotHaveCompressedPixelsOfAnotherKind) {
  const Json dataset = Json::parse(R"({"7FE00010": {"vr": "OV", "BulkDataURI": "pixels"}})");
  const auto jpeg = [](const std::string&) { return BulkData{"x", "1.2.840.10008.1.2.4.50"}; };
  EXPECT_THROW(compose_from_json(dataset, jpeg), Error);
}

TEST_F(ArchiveTest, IsUnchangedByWhatItRefuses) {
  const std::string film = compose_film(ramp(64, 64), film_facts());
  EXPECT_THROW(store(film.substr(0, film.size() / 2)), Error);
  EXPECT_THROW(store("not DICOM"), Error);
  EXPECT_EQ(archive_->size(), 0);
  EXPECT_EQ(blob_count(), 0u);
}

}  // namespace
}  // namespace meridian::archive
