#include "api/embeddings/write_response.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <bit>
#include <iterator>
#include <span>

#include "base/base64.h"
#include "base/json.h"

namespace melete::api::embeddings {

namespace {

std::string_view bytes_of(std::span<const float> numbers) {
  static_assert(std::endian::native == std::endian::little, "the wire's order of bytes is ours");
  return {reinterpret_cast<const char*>(numbers.data()), numbers.size_bytes()};
}

}  // namespace

// By hand: a tree of hundreds of thousands of numbers would take longer than they took to compute.
std::string write_response(std::string_view model, Encoding encoding,
                           const chat::Embeddings& embeddings) {
  std::string body = R"({"object":"list","data":[)";
  auto out = std::back_inserter(body);
  for (size_t index = 0; index < embeddings.vectors.size(); ++index) {
    const std::vector<float>& vector = embeddings.vectors[index];
    fmt::format_to(out, R"({}{{"object":"embedding","index":{},"embedding":)",
                   index == 0 ? "" : ",", index);
    if (encoding == Encoding::Base64) {
      fmt::format_to(out, R"("{}"}})", base64(bytes_of(vector)));
    } else {
      fmt::format_to(out, "[{}]}}", fmt::join(vector, ","));
    }
  }
  const std::string name = write_json(Json(model));
  fmt::format_to(out, R"(],"model":{},"usage":{{"prompt_tokens":{},"total_tokens":{}}}}})", name,
                 embeddings.tokens, embeddings.tokens);
  return body;
}

}  // namespace melete::api::embeddings
