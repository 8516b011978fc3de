#include "api/embeddings/write_response.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <sodium.h>

#include <bit>
#include <iterator>
#include <span>

#include "base/json.h"

namespace melete::api::embeddings {

namespace {

std::string base64(std::span<const float> numbers) {
  static_assert(std::endian::native == std::endian::little, "the wire's order of bytes is ours");
  const std::span bytes = std::as_bytes(numbers);
  std::string text(sodium_base64_ENCODED_LEN(bytes.size(), sodium_base64_VARIANT_ORIGINAL), '\0');
  sodium_bin2base64(text.data(), text.size(), reinterpret_cast<const unsigned char*>(bytes.data()),
                    bytes.size(), sodium_base64_VARIANT_ORIGINAL);
  text.pop_back();  // the zero at the end of C's strings
  return text;
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
      fmt::format_to(out, R"("{}"}})", base64(vector));
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
