// Trains the dictionary with which the record compresses resources (src/record/store/body.h):
// train_dictionary PACKAGE OUTPUT, PACKAGE being the unpacked npm package hl7.fhir.r4.examples.
#include <zdict.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <vector>

#include "base/error.h"
#include "base/file.h"
#include "base/json.h"

namespace {

namespace fs = std::filesystem;
using meridian::Json;

constexpr std::size_t kDictionaryBytes = 112'640;  // zstd's default
constexpr std::size_t kLargestExample = 64u << 10;
// What defines FHIR is unlike what is written about patients.
constexpr std::array kDefinitions{"CapabilityStatement", "CodeSystem",      "CompartmentDefinition",
                                  "ConceptMap",          "GraphDefinition", "ImplementationGuide",
                                  "OperationDefinition", "SearchParameter", "StructureDefinition",
                                  "StructureMap",        "ValueSet",        "TerminologyCapabilities",
                                  "ExampleScenario",     "NamingSystem",    "Bundle",
                                  "MessageDefinition"};

bool is_definition(const std::string& type) {
  return std::find(kDefinitions.begin(), kDefinitions.end(), type) != kDefinitions.end();
}

// The example as the record compresses it, or nothing.
std::string sample_of(const fs::path& file) {
  Json resource = Json::parse(meridian::read_file(file));
  const std::string type = resource.text("resourceType");
  if (type.empty() || is_definition(type)) return {};
  for (const char* member : {"resourceType", "id", "text"}) resource.erase(member);
  return "}," + resource.dump().substr(1);
}

std::string train(const fs::path& package) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(package))
    if (entry.path().extension() == ".json" && entry.file_size() <= kLargestExample)
      files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  std::string samples;
  std::vector<std::size_t> sizes;
  for (const fs::path& file : files) {
    const std::string sample = sample_of(file);
    if (sample.empty()) continue;
    samples += sample;
    sizes.push_back(sample.size());
  }
  std::string dictionary(kDictionaryBytes, '\0');
  const std::size_t size = ZDICT_trainFromBuffer(dictionary.data(), dictionary.size(), samples.data(),
                                                 sizes.data(), static_cast<unsigned>(sizes.size()));
  if (ZDICT_isError(size))
    throw meridian::Error(meridian::ErrorCode::internal,
                          std::string("No dictionary could be trained: ") + ZDICT_getErrorName(size),
                          package.string());
  dictionary.resize(size);
  return dictionary;
}

void write_source(const std::string& dictionary, const fs::path& file) {
  std::ofstream out(file);
  out << "#include \"record/store/body_dictionary.h\"\n\nnamespace meridian::record {\nnamespace {\n"
         "constexpr unsigned char kBytes[] = {";
  for (const char byte : dictionary) out << static_cast<int>(static_cast<unsigned char>(byte)) << ',';
  out << "};\n}  // namespace\nstd::string_view built_in_dictionary() {\n"
         "  return {reinterpret_cast<const char*>(kBytes), sizeof(kBytes)};\n}\n}  // namespace "
         "meridian::record\n";
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::fprintf(stderr, "train_dictionary PACKAGE OUTPUT\n");
    return 2;
  }
  try {
    write_source(train(argv[1]), argv[2]);
    return 0;
  } catch (const meridian::Error& error) {
    std::fprintf(stderr, "%s\n", error.describe().c_str());
    return 1;
  }
}
