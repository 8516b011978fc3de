#include "api/logprobs.h"

#include <string>
#include <utility>

namespace melete::api {

namespace {

Json token_object(const std::string& token, double logprob) {
  Json bytes = Json::array();
  for (const char byte : token) bytes.push_back(static_cast<unsigned char>(byte));
  Json object;
  object["token"] = token;
  object["logprob"] = logprob;
  object["bytes"] = std::move(bytes);
  return object;
}

}  // namespace

Json logprobs_array(const std::vector<chat::TokenLogprob>& logprobs) {
  Json content = Json::array();
  for (const chat::TokenLogprob& entry : logprobs) {
    Json token = token_object(entry.token, entry.logprob);
    Json rivals = Json::array();
    for (const auto& [text, logprob] : entry.top) rivals.push_back(token_object(text, logprob));
    token["top_logprobs"] = std::move(rivals);
    content.push_back(std::move(token));
  }
  return content;
}

}  // namespace melete::api
