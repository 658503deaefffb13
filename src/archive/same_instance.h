// Whether two files of one SOP Instance UID hold the same.
#pragma once
#include <string>

namespace meridian::archive {

// The data sets are compared, not the files: file meta information names the last sender. In two transfer
// syntaxes, the attributes and the decoded pixels are: what comes back from another archive may be encoded
// anew (PS3.4, B.4.1.4). Attributes are the same when their values are, private ones too; where one file does
// not know the VR, when their bytes are. Not the same where that cannot be told. Takes time for both files'
// pixels: within no transaction.
bool is_same_instance(const std::string& a, const std::string& b);

}  // namespace meridian::archive
