// WADO-RS (PS3.18, 10.4): instances, frames, metadata, bulk data and pictures of what has been found to be
// visible. Each throws not_acceptable when the client accepts no form in which there is an answer.
#pragma once
#include <string>
#include <vector>

#include "doors/http/message.h"
#include "doors/http/routes.h"

namespace meridian::doors::http {

using Instances = std::vector<archive::InstanceFacts>;

// "/dicomweb/studies/…/series/…/instances/…"
std::string address_of(const archive::InstanceFacts& facts);

// As explicit VR little endian, or as stored when that transfer syntax, or any, is asked for
// (PS3.18, 8.7.3.5.2); single: one instance may be the whole answer. What cannot be decoded is given as
// stored.
Response retrieve_instances(const Services& services, const Request& request, const Instances& found,
                            bool single);
Response retrieve_metadata(const Services& services, const Request& request, const Instances& found);
// list: numbers from 1 with commas between, at most 5,000. Decoded, or as stored where that is asked for. All
// of a video is its frame 1, and is given as stored.
Response retrieve_frames(const Services& services, const Request& request,
                         const archive::InstanceFacts& facts, const std::string& list);
// 206 with the bytes of a Range, 416 when there are none there. Compressed pixels are given decoded, or as
// stored, each frame a part, where their media type is asked for; those that no decoder knows, as stored.
Response retrieve_bulk_data(const Services& services, const Request& request,
                            const archive::InstanceFacts& facts, const std::string& path);
// With window, viewport and quality. list: as above; of several frames each is a part. Empty: the first
// frame, or all of them where parts are asked for; of a video its stream; of a presentation state the images
// of its study that it refers to, as it wants them shown. Throws not_found when none of these is here.
Response retrieve_rendered(const Services& services, const Request& request,
                           const archive::InstanceFacts& facts, const std::string& list);
// Every frame of every image among them, as parts. Throws not_acceptable when none is one, too_large for more
// than 1,000.
Response retrieve_all_rendered(const Services& services, const Request& request, const Instances& found);
// Of the first instance that is an image; of at most 128 pixels a side where no viewport is named. Throws
// not_acceptable when none is one.
Response retrieve_thumbnail(const Services& services, const Request& request, const Instances& found,
                            int frame);

// A frame's number, from 1. Throws invalid_request.
int frame_number(std::string_view text);

}  // namespace meridian::doors::http
