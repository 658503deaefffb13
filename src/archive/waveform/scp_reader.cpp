#include "archive/waveform/scp_reader.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "archive/bytes.h"
#include "archive/waveform/ecg_lead_code.h"
#include "archive/waveform/pieces.h"
#include "archive/waveform/scp_file.h"
#include "archive/waveform/scp_huffman.h"
#include "archive/waveform/scp_subject.h"
#include "base/error.h"

namespace meridian::archive {
namespace {

using Numbers = std::vector<std::int32_t>;

constexpr std::size_t kMostLeads = 255;
constexpr std::int64_t kMostInterval = 100'000;  // us
constexpr std::int64_t kMostThinned = 4;
constexpr float kNanovoltsPerMillivolt = 1e6F;

struct LeadDefinition {
  std::int64_t first = 0, last = 0;  // samples, counted from 1
  int number = 0;
  std::int64_t length() const { return last - first + 1; }
};

// Section 3.
struct Leads {
  bool beat_subtracted = false;
  std::vector<LeadDefinition> leads;
};

// Section 4: a QRS complex from which the reference beat was subtracted, and a zone that was not thinned out.
struct Complex {
  int type = 0;
  std::int64_t subtract_from = 0, fiducial = 0, subtract_to = 0;
  std::int64_t protected_from = 0, protected_to = 0;
};
struct Locations {
  std::int64_t beat_milliseconds = 0, beat_fiducial = 0;
  std::vector<Complex> complexes;
};

struct Zone {
  std::int64_t from = 0, to = 0;  // samples, the last one within
};

// Sections 5 and 6 begin alike.
struct Samples {
  std::uint16_t nanovolts = 0;  // a unit
  std::int64_t interval = 0;    // us
  int differences = 0;          // 0, 1 or 2
  bool bimodal = false;
  std::vector<std::string_view> leads;
};

Leads read_leads(ScpFields fields) {
  Leads found;
  const std::size_t count = fields.u8();
  found.beat_subtracted = fields.u8() & 1;
  if (count == 0 || count > kMostLeads) fields.fail("It defines no lead");
  for (std::size_t i = 0; i < count; ++i) {
    LeadDefinition lead;
    lead.first = fields.u32();
    lead.last = fields.u32();
    lead.number = fields.u8();
    if (lead.last < lead.first) fields.fail("A lead ends before it begins");
    found.leads.push_back(lead);
  }
  return found;
}

Locations read_locations(ScpFields fields) {
  Locations found;
  found.beat_milliseconds = fields.u16();
  found.beat_fiducial = fields.u16();
  found.complexes.resize(fields.u16());
  for (Complex& complex : found.complexes) {
    complex.type = fields.u16();
    complex.subtract_from = fields.u32();
    complex.fiducial = fields.u32();
    complex.subtract_to = fields.u32();
  }
  for (Complex& complex : found.complexes) {
    if (fields.left() == 0) break;  // zones are left out where nothing was thinned out
    complex.protected_from = fields.u32();
    complex.protected_to = fields.u32();
  }
  return found;
}

Samples read_samples(ScpFields fields, std::size_t leads, bool rhythm) {
  Samples samples;
  samples.nanovolts = fields.u16();
  samples.interval = fields.u16();
  samples.differences = fields.u8();
  const std::uint8_t bimodal = fields.u8();
  samples.bimodal = rhythm && bimodal == 1;
  if (samples.nanovolts == 0 || samples.interval == 0 || samples.interval > kMostInterval)
    fields.fail("It gives no amplitude or no sampling interval");
  if (samples.differences > 2) fields.fail("Its encoding is not known");
  std::vector<std::size_t> sizes(leads);
  for (std::size_t& size : sizes) size = fields.u16();
  for (const std::size_t size : sizes) samples.leads.push_back(fields.bytes(size));
  return samples;
}

// The first numbers, as many as the order, are samples.
void undo_differences(int order, Numbers& numbers) {
  for (auto i = static_cast<std::size_t>(order); order > 0 && i < numbers.size(); ++i) {
    const std::int64_t before = numbers[i - 1];
    const std::int64_t expected = order == 1 ? before : 2 * before - numbers[i - 2];
    numbers[i] = static_cast<std::int32_t>(numbers[i] + expected);
  }
}

// The zones that were not thinned out, in order and apart from each other.
std::vector<Zone> merged_zones(const std::vector<Complex>& complexes) {
  std::vector<Zone> zones;
  for (const Complex& complex : complexes)
    if (complex.protected_to >= complex.protected_from && complex.protected_from > 0)
      zones.push_back({complex.protected_from, complex.protected_to});
  std::sort(zones.begin(), zones.end(), [](const Zone& a, const Zone& b) { return a.from < b.from; });
  std::vector<Zone> merged;
  for (const Zone& zone : zones) {
    if (!merged.empty() && zone.from <= merged.back().to + 1)
      merged.back().to = std::max(merged.back().to, zone.to);
    else
      merged.push_back(zone);
  }
  return merged;
}

class Reader {
 public:
  explicit Reader(std::string_view bytes) : file_(bytes, recording_.doubts) {}

  signal::Recording read() {
    recording_.source = "SCP-ECG";
    read_scp_subject(file_.section(1), recording_);
    definitions_ = read_leads(fields(3));
    rhythm_ = read_samples(fields(6), definitions_.leads.size(), true);
    if (!file_.section(2).empty()) tables_ = read_scp_tables(fields(2));
    if (rhythm_.bimodal || definitions_.beat_subtracted) read_beat();
    recording_.sampling_frequency =
        1e6 / (static_cast<double>(rhythm_.interval) / static_cast<double>(thinned_));
    for (const LeadDefinition& lead : definitions_.leads)
      require_readable_size(static_cast<std::uint64_t>(lead.length()), definitions_.leads.size(),
                            "section 3");
    std::vector<Piece> pieces;
    for (std::size_t i = 0; i < definitions_.leads.size(); ++i) pieces.push_back(read_lead(i));
    join_pieces(std::move(pieces), recording_);
    name_unread();
    return std::move(recording_);
  }

 private:
  ScpFields fields(std::size_t section) const { return {file_.section(section), section}; }

  // Sections 4 and 5; the residual may be sampled more slowly than the reference beat.
  void read_beat() {
    locations_ = read_locations(fields(4));
    if (file_.section(5).empty()) {
      if (definitions_.beat_subtracted) fields(5).fail("The reference beat that was subtracted is missing");
      return;
    }
    beat_ = read_samples(fields(5), definitions_.leads.size(), false);
    if (rhythm_.interval > beat_.interval) {
      if (rhythm_.interval % beat_.interval != 0)
        fields(6).fail("Its sampling interval does not fit that of the reference beat");
      thinned_ = rhythm_.interval / beat_.interval;
      if (thinned_ > kMostThinned) fields(6).fail("It is thinned out more than the standard allows");
    }
    if (rhythm_.bimodal) zones_ = merged_zones(locations_.complexes);
  }

  Numbers decode(std::string_view bytes, std::size_t count, int differences) const {
    Numbers numbers;
    if (!tables_.empty()) {
      numbers = decode_scp_codes(bytes, tables_, count);
    } else {
      if (bytes.size() / 2 < count) fields(6).fail("A lead holds fewer samples than it announces");
      for (std::size_t i = 0; i < count; ++i)
        numbers.push_back(static_cast<std::int16_t>(read_u16(bytes, 2 * i, false)));
    }
    undo_differences(differences, numbers);
    return numbers;
  }

  Piece read_lead(std::size_t index) const {
    const LeadDefinition& lead = definitions_.leads[index];
    Piece piece{lead_name(lead.number, index), lead.first, stretched(index)};
    const float step = static_cast<float>(rhythm_.nanovolts) / kNanovoltsPerMillivolt;
    for (float& sample : piece.samples) sample *= step;
    if (definitions_.beat_subtracted) add_beat(index, piece);
    piece.first -= 1;  // the standard counts from 1
    return piece;
  }

  static std::string lead_name(int number, std::size_t index) {
    const std::string name = ecg_lead_name("SCPECG", "5.6.3-9-" + std::to_string(number));
    return name.empty() ? "lead " + std::to_string(index + 1) : name;
  }

  // Where each stored value of a lead stands: one in a protected zone for one sample, others for up to
  // `thinned_` of them, at their middle. In samples from the lead's first.
  std::vector<double> places_of(const LeadDefinition& lead) const {
    std::vector<double> places;
    auto zone = zones_.begin();
    for (std::int64_t at = lead.first; at <= lead.last;) {
      while (zone != zones_.end() && zone->to < at) ++zone;
      const std::int64_t next_zone =
          zone == zones_.end() ? lead.last + 1 : std::min(zone->from, lead.last + 1);
      const std::int64_t width = at >= next_zone ? 1 : std::min(thinned_, next_zone - at);
      places.push_back(static_cast<double>(at - lead.first) + static_cast<double>(width - 1) / 2);
      at += width;
    }
    return places;
  }

  // The lead's values at the full rate, in stored units.
  std::vector<float> stretched(std::size_t index) const {
    const LeadDefinition& lead = definitions_.leads[index];
    // A number takes a bit at least.
    if (lead.length() / thinned_ > static_cast<std::int64_t>(8 * rhythm_.leads[index].size()))
      fields(6).fail("A lead holds fewer samples than it announces");
    if (thinned_ == 1) {
      const Numbers numbers =
          decode(rhythm_.leads[index], static_cast<std::size_t>(lead.length()), rhythm_.differences);
      return {numbers.begin(), numbers.end()};
    }
    const std::vector<double> places = places_of(lead);
    const Numbers numbers = decode(rhythm_.leads[index], places.size(), rhythm_.differences);
    std::vector<float> samples(static_cast<std::size_t>(lead.length()));
    std::size_t next = 0;
    for (std::size_t i = 0; i < samples.size(); ++i) {
      while (next < places.size() && places[next] < static_cast<double>(i)) ++next;
      samples[i] = between(places, numbers, next, static_cast<double>(i));
    }
    return samples;
  }

  static float between(const std::vector<double>& places, const Numbers& numbers, std::size_t next,
                       double at) {
    if (next == 0) return static_cast<float>(numbers.front());
    if (next == places.size()) return static_cast<float>(numbers.back());
    const double part = (at - places[next - 1]) / (places[next] - places[next - 1]);
    return static_cast<float>(numbers[next - 1] + part * (numbers[next] - numbers[next - 1]));
  }

  void add_beat(std::size_t index, Piece& piece) const {
    const auto count = static_cast<std::size_t>(locations_.beat_milliseconds * 1000 / beat_.interval);
    const Numbers beat = decode(beat_.leads[index], count, beat_.differences);
    const float step = static_cast<float>(beat_.nanovolts) / kNanovoltsPerMillivolt;
    const auto length = static_cast<std::int64_t>(piece.samples.size());
    std::int64_t last = piece.first - 1;
    for (const Complex& complex : locations_.complexes) {
      if (complex.type != 0) continue;
      const std::int64_t begin_of_beat = complex.fiducial - locations_.beat_fiducial + 1;
      const std::int64_t from = std::max({complex.subtract_from, piece.first, begin_of_beat});
      const std::int64_t to = std::min({complex.subtract_to, piece.first + length - 1,
                                        begin_of_beat + static_cast<std::int64_t>(beat.size()) - 1});
      if (from > to) continue;
      if (from <= last) fields(4).fail("Two beats were subtracted from the same samples");
      last = to;
      for (std::int64_t sample = from; sample <= to; ++sample)
        piece.samples[static_cast<std::size_t>(sample - piece.first)] +=
            static_cast<float>(beat[static_cast<std::size_t>(sample - begin_of_beat)]) * step;
    }
  }

  void name_unread() {
    static constexpr std::pair<std::size_t, const char*> kUnread[] = {
        {5, "reference beat"},        {7, "global measurements"},    {8, "diagnosis"},
        {9, "the maker's diagnosis"}, {10, "measurements of leads"}, {11, "coded statements"}};
    for (const auto& [number, what] : kUnread)
      if (!file_.section(number).empty() && !(number == 5 && definitions_.beat_subtracted))
        recording_.unread.push_back(std::string(what) + " (section " + std::to_string(number) + ")");
  }

  signal::Recording recording_;
  ScpFile file_;
  Leads definitions_;
  Locations locations_;
  std::vector<Zone> zones_;
  Samples rhythm_, beat_;
  std::vector<ScpTable> tables_;  // empty: samples are not packed
  std::int64_t thinned_ = 1;      // samples for which one of the residual stands
};

}  // namespace

signal::Recording read_scp(std::string_view bytes) {
  if (!is_scp(bytes))
    throw Error(ErrorCode::invalid_structure, "This is no SCP-ECG file", "byte 1", "Send the whole file");
  return Reader(bytes).read();
}

}  // namespace meridian::archive
