// The plain web page, compiled in: page/index.html, one file without a build step.

#pragma once

#include <string_view>

namespace melete::cli {

// UTF-8. Lives as long as the process.
std::string_view page_html();

}  // namespace melete::cli
