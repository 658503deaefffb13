// Whole slides: made DICOM from a scanner's file, judged by dciodvfy, and read again as levels and squares.
#include <gmock/gmock.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <opencv2/imgcodecs.hpp>

#include "archive/archive_fixture.h"
#include "archive/dataset.h"
#include "archive/dciodvfy.h"
#include "archive/parse.h"
#include "archive/part10.h"
#include "archive/results/parametric_map.h"
#include "archive/slide/convert_slide.h"
#include "archive/slide/jpeg_stream.h"
#include "archive/slide/open_slide.h"
#include "archive/slide_makers.h"
#include "base/file.h"
#include "base/resource.h"

namespace meridian::archive {
namespace {

using ::testing::IsEmpty;

SlideFacts slide_facts() {
  SlideFacts facts;
  facts.patient_id = "P-1";
  facts.patient_name = "Wang^Xiuying=王^秀英";
  facts.birth_date = "19610203";
  facts.sex = "F";
  facts.study_uid = "2.25.1";
  facts.series_uid = "2.25.2";
  facts.container = "B-2026-17";
  facts.taken = parse_instant("2026-11-24T08:30:00Z");
  return facts;
}

// The furthest that a channel is from what was drawn, in the middle of each of many pixels.
int furthest(const vision::ColourImage& part, std::int64_t left, std::int64_t top) {
  int most = 0;
  for (int y = 0; y < part.height; ++y)
    for (int x = 0; x < part.width; ++x) {
      std::uint8_t drawn[3];
      drawn_colour(left + x, top + y, drawn);
      for (std::size_t channel = 0; channel < 3; ++channel)
        most = std::max(
            most,
            std::abs(drawn[channel] -
                     part.pixels[(std::size_t(y) * std::size_t(part.width) + std::size_t(x)) * 3 + channel]));
    }
  return most;
}

class SlideTest : public ArchiveTest {
 protected:
  std::filesystem::path drawn(const DrawnTiff& how = {}) {
    const std::filesystem::path file = folder_ / "slide.svs";
    write_drawn_tiff(file, how);
    return file;
  }

  static std::vector<std::string> converted(const std::filesystem::path& file,
                                            const SlideConversion& how = {}) {
    const SlideFile slide(file);
    std::vector<std::string> files;
    std::int64_t last = 0, all = 0;
    convert_slide(
        slide, described_by(slide, slide_facts()), how,
        [&](std::string one) { files.push_back(std::move(one)); },
        [&](std::int64_t done, std::int64_t of) {
          EXPECT_GE(done, last);
          last = done;
          all = of;
        });
    EXPECT_EQ(last, all);
    return files;
  }
};

TEST_F(SlideTest, BecomesLevelsAndALabel) {
  const auto files = converted(drawn());
  std::vector<std::string> types;
  for (const std::string& file : files) {
    const Parsed parsed = parse_instance(file);
    EXPECT_EQ(dicom_errors(file), "");
    EXPECT_THAT(parsed.flaws, IsEmpty());
    EXPECT_EQ(parsed.facts.modality, "SM");
    EXPECT_EQ(parsed.facts.patient_name, "Wang^Xiuying=王^秀英");
    EXPECT_EQ(parsed.facts.study_date, "20091229");  // as the scanner says
    EXPECT_TRUE(is_whole_slide(parsed.facts));
    store(file);
  }
  EXPECT_EQ(files.size(), 3u);  // label, 575 x 375, 2300 x 1500
  const auto slide = open_slide(*archive_, "2.25.1", "2.25.2");
  ASSERT_EQ(slide->levels().size(), 2u);
  EXPECT_EQ(slide->levels()[0].width, 2300);
  EXPECT_EQ(slide->levels()[1].width, 575);
  EXPECT_DOUBLE_EQ(slide->levels()[1].downsample, 4);
  EXPECT_DOUBLE_EQ(slide->spacing().value(), 0.0005);
  EXPECT_EQ(slide->container(), "B-2026-17");
  EXPECT_NE(slide->side_image(SlideFlavour::label), "");
  EXPECT_EQ(slide->side_image(SlideFlavour::overview), "");
}

TEST_F(SlideTest, TakesSquaresOverAsTheyAre) {
  for (const bool is_rgb : {true, false}) {
    const auto file = drawn({.is_rgb = is_rgb});
    const auto files = converted(file);
    const auto kept = SlideFile(file).stored_tile(0, 3, 2);
    ASSERT_TRUE(kept);
    const auto slide = open_slide(files);
    const auto square = slide->tile(0, 3, 2);
    ASSERT_TRUE(square);
    // But for the byte by which a fragment is made even.
    EXPECT_EQ(square->bytes.substr(0, kept->jpeg.size()), kept->jpeg);
    EXPECT_LE(furthest(slide->read(0, 700, 500, 300, 200), 700, 500), 24) << is_rgb;
    EXPECT_EQ(parse_instance(files.back()).facts.transfer_syntax, "1.2.840.10008.1.2.4.50");
    // DCMTK's decoder, which goes by the data set, sees the same colours as those that go by the markers.
    store(files.back());
    const std::string uid = parse_instance(files.back()).facts.key.instance;
    const std::string decoded = archive_->frame(uid, 1, true).bytes;
    std::uint8_t drawn_pixel[3];
    drawn_colour(100, 100, drawn_pixel);
    const int red = static_cast<unsigned char>(decoded.at((100 * 256 + 100) * 3));
    EXPECT_NEAR(red, drawn_pixel[0], is_rgb ? 12 : 255) << is_rgb;
    database_->write([&](storage::Transaction& transaction) {
      archive_->remove(transaction, parse_instance(files.back()).facts.key);
    });
  }
}

TEST_F(SlideTest, CompressesWhatIsNotJpeg) {
  const auto files = converted(drawn({.compressed = false}));
  EXPECT_LE(furthest(open_slide(files)->read(0, 200, 100, 400, 300), 200, 100), 12);
}

TEST_F(SlideTest, IsWhiteBeyondItsEdges) {
  const auto slide = open_slide(converted(drawn({.width = 1100, .height = 700})));
  const vision::ColourImage part = slide->read(0, 1090, 690, 40, 40);
  EXPECT_EQ(part.pixels.at(0) == 255 && part.pixels.at(1) == 255, false);
  for (const auto& [x, y] : {std::pair(10, 0), std::pair(0, 10), std::pair(39, 39)})
    EXPECT_EQ(part.pixels.at((std::size_t(y) * 40 + std::size_t(x)) * 3 + 1), 255) << x << " " << y;
  EXPECT_EQ(slide->read(0, -20, -20, 20, 20).pixels.front(), 255);
  EXPECT_EQ(slide->tile(0, 5, 0), std::nullopt);
  EXPECT_EQ(slide->tile(7, 0, 0), std::nullopt);
  EXPECT_EQ(code_of([&] { slide->read(9, 0, 0, 1, 1); }), ErrorCode::invalid_value);
  EXPECT_EQ(code_of([&] { slide->read(0, 0, 0, 0, 1); }), ErrorCode::invalid_value);
  EXPECT_EQ(code_of([&] { slide->read(0, 0, 0, 100'000, 100'000); }), ErrorCode::invalid_value);
}

TEST_F(SlideTest, ItsHeatIsAMapOnTheSlide) {
  const auto files = converted(drawn());
  const vision::GreyImage heat{23, 15, std::vector<float>(23 * 15, 0.5f), 0.05};
  const std::string map = compose_parametric_map(
      files.back(), heat, {{"11529-5", "LN", "Surgical pathology study"}, {"1", "UCUM", "1"}, "Nuclei"},
      {"Nuclei", "1.0.0", "2.25.77"},
      {"2.25.21", "2.25.22", 9004, "Nuclei", parse_instant("2026-11-24T09:00:00Z")});
  EXPECT_EQ(dicom_errors(map), "");
  EXPECT_EQ(parse_instance(map).facts.modality, "SM");
}

TEST_F(SlideTest, ALargeLevelIsAConcatenation) {
  SlideConversion how;
  how.part_frames = 7;
  const auto files = converted(drawn(), how);
  EXPECT_EQ(files.size(), 1u + 1 + 8);  // the label, a level of 6 squares, and 54 squares in sevens
  // dciodvfy counts the frames of the whole in each part, and finds nothing else.
  for (const std::string& file : files) {
    const std::string said = dicom_errors(file);
    EXPECT_TRUE(said.empty() || (said.find("NumberOfFrames does not match") != std::string::npos &&
                                 std::ranges::count(said, '\n') == 1))
        << said;
  }
  const auto whole = open_slide(converted(drawn())), parts = open_slide(files);
  ASSERT_EQ(parts->levels().size(), whole->levels().size());
  for (std::int64_t row = 0; row < 6; ++row)
    for (std::int64_t column = 0; column < 9; ++column)
      EXPECT_EQ(parts->tile(0, column, row)->bytes, whole->tile(0, column, row)->bytes)
          << column << " " << row;
}

// The first level with each frame's place said one by one, in the given order; positions count from 1.
std::string sparse(const std::string& full, const std::vector<std::pair<int, int>>& places) {
  const FileMeta meta = read_file_meta(full);
  const auto dataset = load_dataset(std::string_view(full).substr(meta.dataset_offset), *meta.syntax);
  EXPECT_TRUE(dataset->putAndInsertString(DCM_DimensionOrganizationType, "TILED_SPARSE").good());
  for (std::size_t i = 0; i < places.size(); ++i) {
    DcmItem *groups = nullptr, *position = nullptr;
    dataset->findOrCreateSequenceItem(DCM_PerFrameFunctionalGroupsSequence, groups, static_cast<long>(i));
    groups->findOrCreateSequenceItem(DCM_PlanePositionSlideSequence, position, 0);
    position->putAndInsertSint32(DCM_ColumnPositionInTotalImagePixelMatrix, places[i].first);
    position->putAndInsertSint32(DCM_RowPositionInTotalImagePixelMatrix, places[i].second);
  }
  return make_part10(write_dataset(*dataset, *meta.syntax), kWholeSlideStorage, "2.25.9", meta.syntax->uid);
}

TEST_F(SlideTest, FindsFramesByTheirPlaces) {
  const auto files = converted(drawn({.width = 500, .height = 500, .with_label = false}));
  ASSERT_EQ(files.size(), 1u);
  // The four frames turned about, the last of them a second focal plane of the first place.
  const auto slide = open_slide({sparse(files[0], {{257, 257}, {1, 1}, {257, 1}, {257, 257}})});
  const auto full = open_slide(files);
  EXPECT_EQ(slide->tile(0, 1, 1)->bytes, full->tile(0, 0, 0)->bytes);
  EXPECT_EQ(slide->tile(0, 0, 0)->bytes, full->tile(0, 1, 0)->bytes);
  EXPECT_EQ(slide->tile(0, 0, 1), std::nullopt);  // nothing was scanned there
  EXPECT_EQ(slide->read(0, 100, 300, 1, 1).pixels.front(), 255);
}

TEST_F(SlideTest, RefusesPlacesOffTheGrid) {
  const auto files = converted(drawn({.width = 500, .height = 500, .with_label = false}));
  const std::pair<int, int> good{1, 1};
  for (const auto& bad : {std::pair(2, 1), std::pair(0, 1), std::pair(1, -255), std::pair(9985, 1)})
    EXPECT_EQ(code_of([&] {
                open_slide({sparse(files[0], {good, good, good, bad})});
              }),
              ErrorCode::not_supported);
  EXPECT_EQ(code_of([&] { open_slide({sparse(files[0], {good})}); }), ErrorCode::invalid_structure);
}

// An attribute of the only level, changed.
std::string with_size(const std::string& file, std::uint32_t columns, std::uint32_t rows) {
  const FileMeta meta = read_file_meta(file);
  const auto dataset = load_dataset(std::string_view(file).substr(meta.dataset_offset), *meta.syntax);
  dataset->putAndInsertUint32(DCM_TotalPixelMatrixColumns, columns);
  dataset->putAndInsertUint32(DCM_TotalPixelMatrixRows, rows);
  return make_part10(write_dataset(*dataset, *meta.syntax), kWholeSlideStorage, "2.25.9", meta.syntax->uid);
}

TEST_F(SlideTest, AllocatesNothingOnWhatItSays) {
  const auto files = converted(drawn({.width = 500, .height = 500, .with_label = false}));
  const auto vast = open_slide({with_size(files[0], 4'000'000'000, 4'000'000'000)});
  EXPECT_EQ(vast->tile(0, 10'000'000, 10'000'000), std::nullopt);
  EXPECT_EQ(vast->read(0, 3'999'999'000, 3'999'999'000, 100, 100).pixels.front(), 255);
  EXPECT_EQ(code_of([&] { open_slide({with_size(files[0], 0, 500)}); }), ErrorCode::invalid_structure);
}

TEST_F(SlideTest, RefusesASquareOfAnotherSize) {
  SlideInstance instance{.width = 500, .height = 500, .tile_width = 256, .tile_height = 256};
  const std::string small =
      open_slide(converted(drawn({.width = 128, .height = 128, .tile = 128})))->tile(0, 0, 0)->bytes;
  const auto slide = open_slide({compose_slide(slide_facts(), instance, {small, small, small, "no JPEG"})});
  EXPECT_EQ(code_of([&] { slide->read(0, 0, 0, 10, 10); }), ErrorCode::corrupted);
  EXPECT_EQ(code_of([&] { slide->read(0, 300, 300, 10, 10); }), ErrorCode::corrupted);
}

TEST_F(SlideTest, RefusesWhatIsNoSlide) {
  const auto file = folder_ / "no.svs";
  write_file(file, "II*\0 and nothing else");
  EXPECT_EQ(code_of([&] { SlideFile slide(file); }), ErrorCode::unsupported_media_type);
  EXPECT_FALSE(may_be_slide(folder_ / "absent"));
  const auto whole = drawn();
  const std::string bytes = read_file(whole);
  for (const std::size_t size : {bytes.size() / 2, bytes.size() - 100, std::size_t(200)}) {
    write_file(file, bytes.substr(0, size));
    const auto code = code_of([&] { converted(file); });
    EXPECT_TRUE(code == ErrorCode::unsupported_media_type || code == ErrorCode::corrupted) << size;
  }
}

TEST_F(SlideTest, RefusesMoreSquaresThanItMayHave) {
  const auto file = drawn();  // 54 squares, and 6 of a level that is added
  EXPECT_EQ(converted(file, {.most_squares = 60}).size(), 3u);
  for (const std::int64_t most : {59, 53})
    EXPECT_EQ(code_of([&] { converted(file, {.most_squares = most}); }), ErrorCode::too_large) << most;
}

TEST_F(SlideTest, RefusesToGrowBeyondItsLimit) {
  const auto file = drawn();
  std::uint64_t bytes = 0;
  for (const std::string& one : converted(file)) bytes += one.size();
  EXPECT_EQ(converted(file, {.most_bytes = bytes}).size(), 3u);
  EXPECT_EQ(code_of([&] { converted(file, {.most_bytes = bytes - 1}); }), ErrorCode::too_large);
  EXPECT_EQ(most_converted_bytes(1), std::uint64_t(1) << 30);
  EXPECT_EQ(most_converted_bytes(std::uint64_t(1) << 40), std::uint64_t(8) << 40);
  EXPECT_GE(most_converted_bytes(~std::uint64_t(0)), std::uint64_t(1) << 60);
}

TEST_F(SlideTest, RefusesSizesThatAreOnlySaid) {
  const auto file = folder_ / "vast.tiff";
  const auto fails = [&](std::uint32_t width, std::uint32_t height) {
    write_vast_tiff(file, width, height);
    return code_of([&] { converted(file); });
  };
  EXPECT_EQ(fails(1'200'000, 1'200'000), ErrorCode::too_large);
  EXPECT_EQ(fails(2'147'483'649, 300), ErrorCode::too_large);
  write_vast_tiff(file, 40'000, 40'000, 16384);  // a square of a gigabyte
  EXPECT_EQ(code_of([&] { SlideFile slide(file); }), ErrorCode::too_large);
  EXPECT_EQ(fails(500'000, 500'000), ErrorCode::too_large);  // not too many squares, but no smaller levels
}

TEST_F(SlideTest, CountsTheFilesOfASlideOfSeveral) {
  write_file(folder_ / "s17.mrxs", "1234");
  std::filesystem::create_directory(folder_ / "s17");
  write_file(folder_ / "s17/Data0000.dat", "12345678");
  write_file(folder_ / "n.dat", "12");
  write_file(folder_ / "s170.mrxs", "another slide");
  write_file(folder_ / "s17 report.pdf", "not of the slide");
  EXPECT_EQ(bytes_of_slide(folder_ / "s17.mrxs"), 12u);
  const std::string vms =
      "[Virtual Microscope Specimen]\r\nImageFile=h9.jpg\r\nImageFile(1,0)=h9(1,0).jpg\r\n";
  write_file(folder_ / "h9.vms", vms);
  write_file(folder_ / "h9.jpg", "1");
  write_file(folder_ / "h9(1,0).jpg", "12");
  write_file(folder_ / "h90.jpg", "of another slide");
  EXPECT_EQ(bytes_of_slide(folder_ / "h9.vms"), vms.size() + 3);
}

TEST(JpegStream, TellsWhatItHolds) {
  EXPECT_EQ(code_of([] { read_jpeg_frame("\xFF\xD8\xFF\xE0\xFF\xFF"); }), ErrorCode::corrupted);
  EXPECT_EQ(code_of([] { with_jpeg_tables("none", "\xFF\xD8\xFF\xD9"); }), ErrorCode::corrupted);
  EXPECT_EQ(code_of([] { marked_as_rgb(""); }), ErrorCode::corrupted);
}

class RealSlides : public SlideTest {
 protected:
  void SetUp() override {
    const auto tar = data_folder() / "img/wsi.tar";
    if (!std::filesystem::exists(tar)) GTEST_SKIP() << "needs img/wsi.tar below " << data_folder();
    ASSERT_EQ(std::system(("tar -C " + folder_.path().string() + " -xf " + tar.string()).c_str()), 0);
  }
};

TEST_F(RealSlides, AperioLooksAsOpenSlideSeesIt) {
  const auto file = folder_ / "wsi/CMU-1-Small-Region.svs";
  const auto files = converted(file);
  for (const std::string& one : files) EXPECT_EQ(dicom_errors(one), "");
  const SlideFile seen(file);
  const auto slide = open_slide(files);
  EXPECT_EQ(slide->levels()[0].width, 2220);
  const vision::ColourImage a = slide->read(0, 800, 900, 500, 500), b = seen.read(0, 800, 900, 500, 500);
  int most = 0;
  for (std::size_t i = 0; i < a.pixels.size(); ++i)
    most = std::max(most, std::abs(a.pixels[i] - b.pixels[i]));
  EXPECT_LE(most, 3);
}

// Its UIDs are longer than UIDs may be.
std::string with_short_uids(const std::string& file) {
  const FileMeta meta = read_file_meta(file);
  const auto dataset = load_dataset(std::string_view(file).substr(meta.dataset_offset), *meta.syntax);
  for (const DcmTagKey& tag : {DCM_StudyInstanceUID, DCM_SeriesInstanceUID, DCM_SOPInstanceUID})
    dataset->putAndInsertString(tag, "2.25.9");
  return make_part10(write_dataset(*dataset, *meta.syntax), kWholeSlideStorage, "2.25.9", meta.syntax->uid);
}

TEST_F(RealSlides, DicomOfAnotherMaker) {
  const auto slide = open_slide({with_short_uids(read_file(folder_ / "wsi/small_dicom.dcm"))});
  ASSERT_EQ(slide->levels().size(), 1u);
  EXPECT_EQ(slide->levels()[0].width, 3236);
  EXPECT_NE(slide->tile(0, 6, 5), std::nullopt);
  EXPECT_EQ(slide->tile(0, 7, 5), std::nullopt);
  // It says RGB and its squares say YCbCr, as browsers take them: tissue is pink.
  const vision::ColourImage all = vision::overview(*slide, 256);
  double red = 0, green = 0;
  for (std::size_t i = 0; i < all.pixels.size(); i += 3) red += all.pixels[i], green += all.pixels[i + 1];
  EXPECT_GT(red, 1.05 * green);
}

}  // namespace
}  // namespace meridian::archive
