#include "archive/recording_makers.h"

#include <cstdio>

#include "archive/bytes.h"
#include "archive/waveform/scp_file.h"
#include "base/encoding.h"

namespace meridian::archive {
namespace {

std::string padded(std::string text, std::size_t width) {
  text.resize(width, ' ');
  return text;
}

std::string number(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.6g", value);
  return text;
}

void append_little(std::string& out, int value, std::size_t bytes) {
  for (std::size_t i = 0; i < bytes; ++i) out.push_back(static_cast<char>(value >> (8 * i)));
}

std::vector<std::string> split(const std::string& text, char mark) {
  std::vector<std::string> parts(1);
  for (const char c : text) {
    if (c == mark)
      parts.emplace_back();
    else
      parts.back() += c;
  }
  return parts;
}

constexpr std::size_t kAnnotationSamples = 30;

}  // namespace

std::string make_edf(const MadeEdf& wanted) {
  const std::size_t width = wanted.bdf ? 3 : 2, count = wanted.signals.size();
  const auto samples_of = [&](const MadeEdfSignal& signal) {
    return signal.annotations.empty() ? signal.samples.size() / static_cast<std::size_t>(wanted.records)
                                      : kAnnotationSamples;
  };
  const int announced = wanted.announced_records == -2 ? wanted.records : wanted.announced_records;
  std::string out = wanted.bdf ? "\xff"
                                 "BIOSEMI"
                               : padded("0", 8);
  out += padded(wanted.patient, 80) + padded("Startdate 24-NOV-2026 X X X", 80) + "24.11.26" + "08.15.30" +
         padded(std::to_string(256 + 256 * count), 8) + padded(wanted.kind, 44) +
         padded(std::to_string(announced), 8) + padded(number(wanted.record_seconds), 8) +
         padded(std::to_string(count), 4);
  const std::string low = wanted.bdf ? "-8388608" : "-32768", high = wanted.bdf ? "8388607" : "32767";
  for (const auto& signal : wanted.signals)
    out += padded(signal.annotations.empty() ? signal.label : "EDF Annotations", 16);
  for (std::size_t i = 0; i < count; ++i) out += padded("", 80);
  for (const auto& signal : wanted.signals) out += padded(signal.unit, 8);
  for (const std::string& limit : {low, high, low, high})
    for (std::size_t i = 0; i < count; ++i) out += padded(limit, 8);
  for (std::size_t i = 0; i < count; ++i) out += padded("", 80);
  for (const auto& signal : wanted.signals) out += padded(std::to_string(samples_of(signal)), 8);
  for (std::size_t i = 0; i < count; ++i) out += padded("", 32);
  for (int record = 0; record < wanted.records; ++record)
    for (const auto& signal : wanted.signals) {
      const std::size_t samples = samples_of(signal);
      if (!signal.annotations.empty()) {
        std::string lists = split(signal.annotations, '|')[static_cast<std::size_t>(record)];
        lists.resize(samples * width, '\0');
        out += lists;
        continue;
      }
      for (std::size_t i = 0; i < samples; ++i)
        append_little(out, signal.samples[static_cast<std::size_t>(record) * samples + i], width);
    }
  return out;
}

namespace {

// The standard's Huffman table, as EN 1064 prints it: 0, then 100 and 101, 1100 and 1101 ...
void append_code(std::string& bits, int value) {
  const int magnitude = value < 0 ? -value : value;
  if (value == 0) {
    bits += '0';
  } else if (magnitude <= 8) {
    bits += std::string(static_cast<std::size_t>(magnitude), '1') + "0" + (value < 0 ? "1" : "0");
  } else {
    const bool small = value >= -128 && value <= 127;
    bits += small ? "1111111110" : "1111111111";
    for (int bit = small ? 7 : 15; bit >= 0; --bit) bits += value >> bit & 1 ? '1' : '0';
  }
}

std::string store_lead(Values values, int differences, bool packed) {
  for (std::size_t i = values.size(); i-- > static_cast<std::size_t>(differences) && differences > 0;)
    values[i] -= differences == 1 ? values[i - 1] : 2 * values[i - 1] - values[i - 2];
  std::string out;
  if (!packed) {
    for (const int value : values) append_little(out, value, 2);
    return out;
  }
  std::string bits;
  for (const int value : values) append_code(bits, value);
  bits.resize((bits.size() + 15) / 16 * 16, '0');
  for (std::size_t i = 0; i < bits.size(); i += 8)
    out.push_back(static_cast<char>(std::stoi(bits.substr(i, 8), nullptr, 2)));
  return out;
}

std::string scp_section(int number, const std::string& body) {
  std::string section;
  append_little(section, number, 2);
  append_little(section, static_cast<int>(body.size() + 16), 4);
  section += "\x14\x14";
  section += number == 0 ? std::string("SCPECG") : std::string(6, '\0');
  section += body;
  std::string out;
  append_little(out, scp_checksum(section), 2);
  return out + section;
}

std::string scp_samples(const MadeScp& wanted, bool rhythm) {
  std::string body;
  append_little(body, wanted.nanovolts, 2);
  append_little(body, rhythm ? wanted.interval : wanted.beat_interval, 2);
  append_little(body, wanted.differences, 1);
  append_little(body, rhythm && wanted.bimodal, 1);
  std::vector<std::string> leads;
  for (const Values& lead : wanted.leads)
    leads.push_back(store_lead(rhythm ? lead : wanted.beat, wanted.differences, wanted.packed));
  for (const std::string& lead : leads) append_little(body, static_cast<int>(lead.size()), 2);
  for (const std::string& lead : leads) body += lead;
  return body;
}

std::string scp_leads(const MadeScp& wanted) {
  std::string body;
  append_little(body, static_cast<int>(wanted.leads.size()), 1);
  append_little(body, 4 | wanted.beat_subtracted, 1);
  for (const int number : wanted.lead_numbers) {
    append_little(body, 1, 4);
    append_little(body, wanted.length, 4);
    append_little(body, number, 1);
  }
  return body;
}

std::string scp_locations(const MadeScp& wanted) {
  std::string body;
  append_little(body, static_cast<int>(wanted.beat.size()) * wanted.beat_interval / 1000, 2);
  append_little(body, wanted.beat_fiducial, 2);
  append_little(body, static_cast<int>(wanted.complexes.size()), 2);
  for (const auto& complex : wanted.complexes) {
    append_little(body, complex.type, 2);
    append_little(body, complex.from, 4);
    append_little(body, complex.fiducial, 4);
    append_little(body, complex.to, 4);
  }
  for (const auto& complex : wanted.complexes) {
    append_little(body, complex.protected_from, 4);
    append_little(body, complex.protected_to, 4);
  }
  return body;
}

}  // namespace

std::string scp_field(int tag, const std::string& value) {
  std::string field;
  append_little(field, tag, 1);
  append_little(field, static_cast<int>(value.size()), 2);
  return field + value;
}

std::string make_scp(const MadeScp& wanted) {
  std::vector<std::pair<int, std::string>> bodies{{1, wanted.subject + "\xff" + std::string(2, '\0')}};
  if (!wanted.tables.empty()) bodies.emplace_back(2, wanted.tables);
  if (wanted.packed && wanted.tables.empty()) bodies.emplace_back(2, "\x1f\x4e");
  bodies.emplace_back(3, scp_leads(wanted));
  if (wanted.bimodal || wanted.beat_subtracted) bodies.emplace_back(4, scp_locations(wanted));
  if (!wanted.beat.empty()) bodies.emplace_back(5, scp_samples(wanted, false));
  bodies.emplace_back(6, scp_samples(wanted, true));
  std::string pointers, sections;
  append_little(pointers, 0, 2);
  append_little(pointers, 136, 4);
  append_little(pointers, 7, 4);
  std::size_t next = 0;
  for (int number = 1; number < 12; ++number) {
    const bool here = next < bodies.size() && bodies[next].first == number;
    const std::string section = here ? scp_section(number, bodies[next].second) : std::string();
    append_little(pointers, number, 2);
    append_little(pointers, static_cast<int>(section.size()), 4);
    append_little(pointers, here ? static_cast<int>(7 + 136 + sections.size()) : 0, 4);
    sections += section;
    next += here;
  }
  const std::string content = scp_section(0, pointers) + sections;
  std::string length, out;
  append_little(length, static_cast<int>(content.size() + 6), 4);
  append_little(out, scp_checksum(length + content), 2);
  return out + length + content;
}

std::string aecg_set(const std::string& head, const std::string& increment,
                     const std::vector<std::pair<std::string, std::string>>& leads, const std::string& unit) {
  std::string set =
      "<component><sequenceSet><component><sequence><code code=\"TIME_ABSOLUTE\"/><value "
      "xsi:type=\"GLIST_TS\"><head value=\"" +
      head + "\"/><increment value=\"" + increment + "\" unit=\"s\"/></value></sequence></component>";
  for (const auto& [code, digits] : leads)
    set += "<component><sequence><code code=\"" + code +
           "\"/><value xsi:type=\"SLIST_PQ\"><origin value=\"100\" unit=\"uV\"/><scale value=\"5\" unit=\"" +
           unit + "\"/><digits>" + digits + "</digits></value></sequence></component>";
  return set + "</sequenceSet></component>";
}

std::string make_aecg(const std::string& sequence_sets) {
  return "<?xml version=\"1.0\"?><!-- made --><AnnotatedECG xmlns=\"urn:hl7-org:v3\" "
         "xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\"><componentOf><timepointEvent><componentOf>"
         "<subjectAssignment><subject><trialSubject><id "
         "extension=\"S-1\"/><subjectDemographicPerson><name>Li</name>"
         "<administrativeGenderCode code=\"F\"/><birthTime value=\"19530508\"/></subjectDemographicPerson>"
         "</trialSubject></subject></subjectAssignment></componentOf></timepointEvent></"
         "componentOf><component><series>"
         "<code code=\"RHYTHM\"/><effectiveTime><low value=\"20261124081530\"/></effectiveTime>" +
         sequence_sets + "</series></component></AnnotatedECG>";
}

std::string make_muse(const std::vector<std::pair<std::string, Values>>& leads, const std::string& extra) {
  std::string text =
      "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>\n<!DOCTYPE RestingECG SYSTEM "
      "\"restecg.dtd\">\n<RestingECG>"
      "<PatientDemographics><PatientID>M-1</PatientID><PatientAge>61</PatientAge><AgeUnits>YEARS</AgeUnits>"
      "<DateofBirth>05-08-1953</DateofBirth><Gender>MALE</Gender><PatientLastName>J\xfcrgens</"
      "PatientLastName>"
      "</PatientDemographics><TestDemographics><AcquisitionTime>08:15:30</AcquisitionTime>"
      "<AcquisitionDate>11-24-2026</AcquisitionDate></TestDemographics><Waveform><WaveformType>Rhythm</"
      "WaveformType>"
      "<SampleBase>500</SampleBase><SampleExponent>0</SampleExponent>";
  for (const auto& [name, samples] : leads) {
    std::string bytes;
    for (const int sample : samples) append_little(bytes, sample, 2);
    text += "<LeadData><LeadSampleCountTotal>" + std::to_string(samples.size()) +
            "</LeadSampleCountTotal><LeadAmplitudeUnitsPerBit>4.88</LeadAmplitudeUnitsPerBit>"
            "<LeadAmplitudeUnits>MICROVOLTS</LeadAmplitudeUnits><LeadID>" +
            name + "</LeadID><LeadSampleSize>2</LeadSampleSize>" + extra + "<WaveFormData>\n" +
            to_base64(bytes) + "\n</WaveFormData></LeadData>";
  }
  return text + "</Waveform></RestingECG>";
}

std::string make_xli_chunk(const Values& stored, int start) {
  std::string bytes;
  for (const int value : stored) bytes.push_back(static_cast<char>(value >> 8));
  for (const int value : stored) bytes.push_back(static_cast<char>(value));
  std::string bits, packed;
  for (const char byte : bytes)
    for (int bit = 9; bit >= 0; --bit) bits += static_cast<std::uint8_t>(byte) >> bit & 1 ? '1' : '0';
  bits.resize((bits.size() + 7) / 8 * 8, '0');
  for (std::size_t i = 0; i < bits.size(); i += 8)
    packed.push_back(static_cast<char>(std::stoi(bits.substr(i, 8), nullptr, 2)));
  std::string chunk;
  append_little(chunk, static_cast<int>(packed.size()), 4);
  append_little(chunk, 0, 2);
  append_little(chunk, start, 2);
  return chunk + packed;
}

std::string make_philips(const std::vector<Values>& leads, int samples, const std::string& labels) {
  std::string chunks;
  for (const Values& lead : leads) chunks += make_xli_chunk(lead, 0);
  return "<?xml version=\"1.0\"?><restingecgdata xmlns=\"http://www3.medical.philips.com\"><dataacquisition "
         "date=\"2026-11-24\" time=\"08:15:30\"><signalcharacteristics><samplingrate>500</samplingrate>"
         "<resolution>5</resolution><bitspersample>16</bitspersample></signalcharacteristics></"
         "dataacquisition>"
         "<patient><generalpatientdata><patientid>P-1</patientid><name><lastname>Li</lastname></"
         "name><age><years>50"
         "</years></age><sex>Female</sex></generalpatientdata></patient><waveforms><parsedwaveforms "
         "dataencoding=\"Base64\" compression=\"XLI\" " +
         (labels.empty() ? std::string() : "leadlabels=\"" + labels + "\" ") + "durationperchannel=\"" +
         std::to_string(samples * 2) + "\">" + to_base64(chunks) +
         "</parsedwaveforms></waveforms></restingecgdata>";
}

}  // namespace meridian::archive
