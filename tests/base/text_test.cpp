#include <gtest/gtest.h>

#include "base/encoding.h"
#include "base/error.h"
#include "base/file.h"
#include "base/id.h"
#include "base/markup.h"
#include "base/metrics.h"
#include "base/temporary_folder.h"
#include "base/time.h"

namespace meridian {
namespace {

TEST(Encoding, GoesThereAndBack) {
  const std::string bytes("\x00\xff meridian", 11);
  EXPECT_EQ(from_hex(to_hex(bytes)), bytes);
  EXPECT_EQ(from_base64(to_base64(bytes)), bytes);
  EXPECT_THROW(from_hex("abc"), Error);
  EXPECT_THROW(from_base64("a=b="), Error);
}

TEST(Encoding, DigestsAgreeWithTheStandards) {
  EXPECT_EQ(to_hex(sha256("abc")),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");  // FIPS 180-2
  EXPECT_EQ(to_hex(sm3("abc")),
            "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0");  // GB/T 32905
  Sha256 pieces;
  pieces.update("a");
  pieces.update("bc");
  EXPECT_EQ(pieces.finish(), sha256("abc"));
}

TEST(Markup, EscapesWhatWouldEndATextOrAnAttribute) {
  EXPECT_EQ(escaped("a<b & \"c\">\n"), "a&lt;b &amp; &quot;c&quot;&gt;&#10;");
}

TEST(Time, ReadsEveryZoneAndWritesUtc) {
  EXPECT_EQ(format_instant(parse_instant("2026-11-24T21:53:19.1234+08:00")), "2026-11-24T13:53:19.123Z");
  EXPECT_EQ(format_dicom_datetime(parse_instant("2026-01-02T03:04:05Z")), "20260102030405.000000+0000");
  for (const char* text :
       {"2026-02-30T00:00:00Z", "2026-11-24", "2026-11-24T25:00:00Z", "2026-11-24T01:00:00", "x"})
    EXPECT_THROW(parse_instant(text), Error) << text;
}

TEST(Id, IsSortableAndUnique) {
  const std::string first = new_id();
  EXPECT_EQ(first.size(), 36u);
  EXPECT_EQ(first[14], '7');
  EXPECT_NE(first, new_id());
  EXPECT_EQ(dicom_uid_of("a"), dicom_uid_of("a"));
  EXPECT_LE(new_dicom_uid().size(), 64u);
}

TEST(File, IsReplacedWhole) {
  const TemporaryFolder folder;
  const auto path = folder / "file";
  write_file(path, "one");
  write_file(path, "two");
  EXPECT_EQ(read_file(path), "two");
  EXPECT_THROW(read_file(path, 2), Error);
  std::filesystem::remove(path);
  EXPECT_THROW(read_file(path), Error);
}

TEST(Metrics, AreWrittenForPrometheus) {
  count("meridian_test_total", {{"kind", "a"}});
  observe_seconds("meridian_test_seconds", 0.2);
  const std::string text = metrics_text();
  EXPECT_NE(text.find("meridian_test_total{kind=\"a\"} 1"), std::string::npos) << text;
  EXPECT_NE(text.find("meridian_test_seconds_bucket{le=\"0.25\"} 1"), std::string::npos);
}

}  // namespace
}  // namespace meridian
