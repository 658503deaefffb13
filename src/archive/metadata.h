// A data set as DICOM JSON (PS3.18, F).
#pragma once
#include <string>
#include <string_view>

#include "archive/transfer_syntax.h"
#include "base/json.h"

namespace meridian::archive {

// Binary values over this many bytes are left out and named by a URI.
inline constexpr std::size_t kLargestInlineBinary = 1024;

// dataset: its bytes, which may end before its pixel data (pixel_tag then says that there are some, else 0).
// bulk_data_base: a URI; a value that is left out is named by it and its path, such as
// ".../00720026/1/7FE00010" (tags, and items counted from 1).
// Texts are UTF-8 ((0008,0005) says so); numbers that are none are left out rather than made up. Throws
// corrupted.
Json dicom_json(std::string_view dataset, const TransferSyntax& syntax, std::uint32_t pixel_tag,
                const std::string& bulk_data_base);

// The bytes of the value at such a path, little endian. Throws not_found.
std::string bulk_value(std::string_view dataset, const TransferSyntax& syntax, const std::string& path);

}  // namespace meridian::archive
