// Numbers as people read them: bytes, rates and spans of time in short words.

#pragma once

#include <cstdint>
#include <string>

namespace melete::models {

// Decimal, as disks and downloads are labelled: "1.12 GB", "98 MB", "512 bytes".
std::string decimal_bytes(int64_t bytes);

// Binary, as memory is labelled: "5.2 GiB", "640 MiB".
std::string binary_bytes(int64_t bytes);

// "42 s", "3 min 05 s", "2 h 10 min". Negative spans count as zero.
std::string time_span(double seconds);

}  // namespace melete::models
