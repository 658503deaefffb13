// Real DICOM files of every kind: each is taken in or refused with a reason, and pixels are as DCMTK's own
// programs decode them.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>
#include <opencv2/imgcodecs.hpp>

#include "archive/archive_fixture.h"
#include "archive/metadata.h"
#include "archive/parse.h"
#include "archive/part10.h"
#include "archive/render.h"
#include "base/file.h"
#include "base/resource.h"

namespace meridian::archive {
namespace {

namespace fs = std::filesystem;

class RealDicom : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    const fs::path tar = data_folder() / "img" / "dicom.tar";
    if (!fs::exists(tar)) return;
    folder_ = fs::temp_directory_path() / ("meridian-dicom-" + new_id());
    fs::create_directories(folder_);
    const std::string unpack = "tar -C " + folder_.string() + " -xf " + tar.string() + " && find " +
                               folder_.string() + " -name '*.zst' -exec unzstd -q --rm {} +";
    ASSERT_EQ(std::system(unpack.c_str()), 0);
    for (const auto& entry : fs::recursive_directory_iterator(folder_))
      if (entry.is_regular_file() && is_dicom(entry.path())) files_.push_back(entry.path());
    std::ranges::sort(files_);
  }
  static void TearDownTestSuite() {
    if (!folder_.empty()) fs::remove_all(folder_);
  }
  void SetUp() override {
    if (files_.empty()) GTEST_SKIP() << "needs img/dicom.tar below " << data_folder();
  }

  static bool is_dicom(const fs::path& path) {
    const std::string name = path.filename(), extension = path.extension();
    return name.find("README") == std::string::npos && extension != ".csv" && extension != ".json" &&
           extension != ".jpeg";
  }
  static fs::path file(const std::string& name) { return folder_ / "dicom" / name; }

  static inline fs::path folder_;
  static inline std::vector<fs::path> files_;
};

TEST_F(RealDicom, IsTakenInOrRefusedWithAReason) {
  int taken = 0;
  for (const fs::path& path : files_) {
    try {
      const Parsed parsed = parse_instance(read_file(path));
      EXPECT_TRUE(is_uid(parsed.facts.key.instance)) << path;
      ++taken;
    } catch (const Error& error) {
      EXPECT_TRUE(error.code() == ErrorCode::invalid_syntax || error.code() == ErrorCode::invalid_structure)
          << path << error.what();
      EXPECT_NE(std::string(error.what()), "") << path;
    }
  }
  // Refused: 4 directories, 1 cut short, 2 broken on purpose, 4 without a Study Instance UID.
  EXPECT_GE(taken, int(files_.size()) - 11) << "of " << files_.size();
}

TEST_F(RealDicom, HasMetadataThatIsJson) {
  for (const fs::path& path : files_) {
    try {
      const std::string whole = inflate_part10(parse_instance(read_file(path)).file);
      const FileMeta meta = read_file_meta(whole);
      const std::string text =
          dicom_json(std::string_view(whole).substr(meta.dataset_offset), *meta.syntax, 0, "bulk").dump();
      EXPECT_NO_THROW(Json::parse(text)) << path;
    } catch (const Error& error) {
      EXPECT_NE(error.code(), ErrorCode::corrupted) << path << error.describe();
    }
  }
}

TEST_F(RealDicom, IsDecodedAndRendered) {
  int rendered = 0;
  for (const fs::path& path : files_) {
    const std::string bytes = read_file(path);
    try {
      const StoredImage image = StoredImage::of_file(bytes);
      for (const int frame : {1, image.format().frames})
        EXPECT_FALSE(render_frame(image, {.frame = frame, .media_type = "image/png"}).empty()) << path;
      ++rendered;
    } catch (const Error& error) {
      // One code stream is broken on purpose; the rest is refused, or no image.
      const bool broken = path.filename() == "JPEG2000-embedded-sequence-delimiter.dcm";
      EXPECT_TRUE(broken || error.code() != ErrorCode::corrupted) << path << error.describe();
    }
  }
  EXPECT_GE(rendered, 95);
}

cv::Mat decode(const std::string& png) {
  return cv::imdecode(std::vector<std::uint8_t>(png.begin(), png.end()), cv::IMREAD_UNCHANGED);
}

// Against an independent way: dcmj2pnm for what DCMTK decodes.
TEST_F(RealDicom, LooksAsDcmtkShowsIt) {
  for (const char* name :
       {"pydicom/CT_small.dcm", "pydicom/MR_small_bigendian.dcm", "pydicom/JPGExtended.dcm",
        "pydicom/SC_rgb_dcmtk_+eb+cr.dcm", "pydicom/SC_rgb_rle.dcm", "pydicom/examples_palette.dcm",
        "WG04/JPLL/CT2_JPLL", "WG04/RLE/US1_RLE", "pydicom_extra/emri_small_RLE.dcm"}) {
    const fs::path out = folder_ / "shown.png";
    const RenderOptions options{.media_type = "image/png"};
    const StoredImage image = StoredImage::of_file(read_file(file(name)));
    const bool windowed = image.header().contains(0x00281050);
    const std::string command = "dcmj2pnm --write-png " +
                                std::string(windowed ? "--use-window 1 " : "--min-max-window ") +
                                file(name).string() + " " + out.string() + " 2> /dev/null";
    ASSERT_EQ(std::system(command.c_str()), 0) << name;
    const cv::Mat ours = decode(render_frame(image, options)),
                  theirs = cv::imread(out.string(), cv::IMREAD_UNCHANGED);
    ASSERT_EQ(ours.size(), theirs.size()) << name;
    ASSERT_EQ(ours.channels(), theirs.channels()) << name;
    EXPECT_EQ(cv::norm(ours, theirs, cv::NORM_INF), 0) << name;
  }
}

// The same picture was stored losslessly in several transfer syntaxes.
TEST_F(RealDicom, HasTheSamePixelsInEveryLosslessForm) {
  const auto samples = [&](const char* name) {
    return StoredImage::of_file(read_file(file(name))).decoded_frame(1).samples;
  };
  EXPECT_EQ(samples("WG04/J2KR/CT2_J2KR"), samples("WG04/JLSL/CT2_JLSL"));
  EXPECT_EQ(samples("WG04/J2KR/CT2_J2KR"), samples("WG04/JPLL/CT2_JPLL"));
  EXPECT_EQ(samples("WG04/J2KR/NM1_J2KR"), samples("WG04/REF/NM1_UNC"));
  EXPECT_EQ(samples("WG04/JLSL/NM1_JLSL"), samples("WG04/REF/NM1_UNC"));
  EXPECT_EQ(samples("WG04/JLSL/MR4_JLSL"), samples("WG04/JPLL/MR4_JPLL"));
  // What part 1 of JPEG 2000 allows, part 2 does.
  const StoredImage part1 = StoredImage::of_file(read_file(file("WG04/J2KR/CT2_J2KR")));
  const TransferSyntax& part2 = *find_transfer_syntax("1.2.840.10008.1.2.4.92");
  EXPECT_EQ(decode_frame(part2, part1.format(), part1.stored_frame(1)).samples,
            samples("WG04/J2KR/CT2_J2KR"));
  EXPECT_EQ(samples("WG04/RLE/US1_RLE"), samples("WG04/REF/US1_UNC"));
}

TEST_F(RealDicom, SurvivesBeingCutAndBitten) {
  for (std::size_t i = 0; i < files_.size(); i += 5) {
    const std::string bytes = read_file(files_[i]);
    for (int part = 0; part < 16; ++part) {
      std::string broken = bytes.substr(0, bytes.size() * std::size_t(part) / 16);
      EXPECT_THROW(parse_instance(broken), Error) << files_[i] << " cut at " << part << "/16";
      broken = bytes;
      broken[bytes.size() * std::size_t(part) / 16] ^= 0x55;
      try {
        render_frame(StoredImage::of_file(broken), {.max_width = 32, .max_height = 32});
      } catch (const Error&) {
      }
    }
  }
}

TEST_F(RealDicom, GivesAssistantsHounsfieldUnitsAndColours) {
  const FrameImage ct = read_frame(read_file(file("pydicom/CT_small.dcm")), 1);
  ASSERT_TRUE(ct.hounsfield);
  EXPECT_FALSE(ct.colour);
  EXPECT_EQ(ct.hounsfield->pixels.at(0), -849);  // as pydicom 2.3.1 has them
  EXPECT_EQ(ct.hounsfield->pixels.at(64 * 128 + 64), 904);
  EXPECT_EQ(*std::ranges::min_element(ct.hounsfield->pixels), -896);
  EXPECT_EQ(*std::ranges::max_element(ct.hounsfield->pixels), 1167);
  EXPECT_NEAR(ct.hounsfield->spacing.value(), 0.661468, 1e-9);

  const FrameImage ultrasound = read_frame(read_file(file("WG04/RLE/US1_RLE")), 1);
  EXPECT_FALSE(ultrasound.hounsfield);
  ASSERT_TRUE(ultrasound.colour);
  std::array<double, 3> means{};
  for (std::size_t i = 0; i < ultrasound.colour->pixels.size(); ++i)
    means[i % 3] += ultrasound.colour->pixels[i] / (480.0 * 640);
  EXPECT_NEAR(means[0], 40.372, 1e-3);
  EXPECT_NEAR(means[1], 34.502, 1e-3);
  EXPECT_NEAR(means[2], 28.713, 1e-3);
}

}  // namespace
}  // namespace meridian::archive
