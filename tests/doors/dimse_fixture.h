// A DICOM service that keeps in memory what it is sent, and DCMTK's programs as its peers.
#pragma once
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "archive/compose.h"
#include "archive/parse.h"
#include "base/file.h"
#include "base/id.h"
#include "base/temporary_folder.h"
#include "doors/dimse/dimse_server.h"

namespace meridian::doors::dimse {

namespace fs = std::filesystem;

class DimseTest : public ::testing::Test {
 protected:
  DimseTest() { options_.port = 0; }

  // Before anything that a derived test's handlers use goes.
  void TearDown() override { server_.reset(); }

  void start() {
    server_ = std::make_unique<DimseServer>(options_, DimseHandlers{.store = keep(), .query = {}});
  }
  StoreHandler keep() {
    return [this](std::string bytes, const PeerFacts& peer) {
      const archive::Parsed parsed = archive::parse_instance(std::move(bytes));
      const std::lock_guard lock(mutex_);
      peer_ = peer;
      stored_[parsed.facts.key.instance] = parsed.file;
      return std::uint16_t(0);
    };
  }

  // The exit status of a program of DCMTK, its options before the peer's address.
  int run(const std::string& program, const std::string& arguments, const std::string& files = {}) {
    const std::string command = "TCP_NODELAY=1 " + program + " " + arguments + " 127.0.0.1 " +
                                std::to_string(server_->port()) + " " + files + " > " +
                                (folder_ / "output").string() + " 2>&1";
    // What the handlers keep comes after this begins and before the program ends, which the thread sanitizer
    // cannot know without the lock.
    { const std::lock_guard before(mutex_); }
    const int status = WEXITSTATUS(std::system(command.c_str()));
    const std::lock_guard after(mutex_);
    return status;
  }
  std::string output() const { return read_file(folder_ / "output"); }

  std::string write_film(const std::string& name, int width = 64) {
    vision::GreyImage image{.width = width, .height = 32};
    image.pixels.assign(std::size_t(image.width) * image.height, 0.5f);
    archive::FilmFacts facts;
    facts.patient_id = "P-1";
    facts.patient_name = "Li^Na";
    facts.instance_uid = new_dicom_uid();
    const fs::path path = folder_ / name;
    write_file(path, archive::compose_film(image, facts));
    return path.string();
  }

  TemporaryFolder folder_;
  DimseOptions options_;
  std::unique_ptr<DimseServer> server_;
  std::mutex mutex_;
  std::map<std::string, std::string> stored_;
  PeerFacts peer_;
};

}  // namespace meridian::doors::dimse
