// Small recordings in other formats than DICOM and WFDB, made by the tests and given to the fuzz targets as
// seeds.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

namespace meridian::archive {

using Values = std::vector<int>;

// EDF
struct MadeEdfSignal {
  std::string label, unit = "uV";
  Values samples;                // of all records, one behind the other
  std::string annotations = {};  // of each record, parted by '|'; makes it an annotation signal
};
struct MadeEdf {
  std::string patient, kind;  // "EDF+C", "EDF+D" or empty
  double record_seconds = 1;
  int records = 1;
  int announced_records = -2;  // -2: as many as there are
  std::vector<MadeEdfSignal> signals;
  bool bdf = false;
};
// The physical range equals the digital one, so that a stored number is a microvolt.
std::string make_edf(const MadeEdf& wanted);

// SCP-ECG
struct MadeScp {
  std::vector<Values> leads;      // what section 6 stores: samples, or what is left of them, at its rate
  std::vector<int> lead_numbers;  // SCP-ECG's
  int length = 0;                 // samples a lead at the full rate
  int nanovolts = 1000;           // a unit
  int interval = 2000, beat_interval = 2000;  // us
  int differences = 2;                        // 0, 1, 2
  bool packed = true;                         // by Huffman codes of the standard's table
  std::string tables;                         // section 2 instead of the standard's
  bool bimodal = false, beat_subtracted = false;
  Values beat;  // of every lead, at beat_interval
  int beat_fiducial = 0;
  struct Complex {
    int type = 0, from = 0, fiducial = 0, to = 0, protected_from = 0, protected_to = 0;
  };
  std::vector<Complex> complexes;
  std::string subject;  // section 1
};
std::string make_scp(const MadeScp& wanted);
std::string scp_field(int tag, const std::string& value);

// XML
std::string make_aecg(const std::string& sequence_sets);
std::string aecg_set(const std::string& head, const std::string& increment,
                     const std::vector<std::pair<std::string, std::string>>& leads,
                     const std::string& unit = "uV");
std::string make_muse(const std::vector<std::pair<std::string, Values>>& leads,
                      const std::string& extra = {});
// Leads as the file stores them, packed.
std::string make_philips(const std::vector<Values>& leads, int samples, const std::string& labels = {});
// One packed lead whose second differences are these, as literal codes.
std::string make_xli_chunk(const Values& stored, int start);

}  // namespace meridian::archive
