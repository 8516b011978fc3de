// Fetches a file over HTTP.

#include "models/url_download.h"

namespace melete::models {

Result<void> fetch_url(const std::string& url, PartialFile&, FetchContext&) {
  return fail(ErrorCode::Unsupported, "this build cannot fetch from URLs", url);
}

Result<std::string> fetch_from_hugging_face(const HuggingFaceSource& source, PartialFile&,
                                            FetchContext&) {
  return fail(ErrorCode::Unsupported, "this build cannot fetch from URLs", source.repository);
}

}  // namespace melete::models
