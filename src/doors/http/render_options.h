// How a picture is asked for (PS3.18, 8.3.5).
#pragma once
#include "archive/pixels.h"
#include "doors/http/message.h"

namespace meridian::doors::http {

// window=center,width,function; viewport=width,height or with the region that is shown behind it;
// annotation=patient,technique; quality; the media type that is accepted (archive::kPictureTypes). Throws
// invalid_request, not_acceptable.
archive::RenderOptions render_options(const Request& request, int frame);

// The same for several pictures, which are parts of multipart/related. Of the first frame.
archive::RenderOptions render_parts_options(const Request& request);

}  // namespace meridian::doors::http
