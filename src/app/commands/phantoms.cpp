#include <cstdio>

#include "app/commands/commands.h"
#include "app/read/output_names.h"
#include "base/file.h"
#include "vision/phantom_field.h"
#include "vision/phantom_film.h"
#include "vision/phantom_frame.h"
#include "vision/picture.h"

namespace meridian::app {

void phantoms(const std::filesystem::path& folder) {
  OutputNames names(folder);
  const auto write = [&](const char* name, const std::string& png) {
    const std::string file = names.of(name) + ".png";
    write_file(file, png);
    std::printf("%s\n", file.c_str());
  };
  write("chest-film", vision::encode_png(vision::draw(vision::PhantomFilm{.opacity = true})));
  write("stained-field", vision::encode_png(vision::draw(vision::PhantomField{})));
  write("colonoscopy-frame", vision::encode_png(vision::draw(vision::PhantomFrame{})));
}

}  // namespace meridian::app
