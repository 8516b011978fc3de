#include "server/dialects.h"

namespace melete::server {

std::string question(const std::string& path, const std::string& fields) {
  const std::string start =
      path == kResponses ? R"({"model": "tiny", "input": "Hi")"
                         : R"({"model": "tiny", "messages": [{"role": "user", "content": "Hi"}])";
  const bool bounded = path == kMessages && fields.find("max_tokens") == std::string::npos;
  return start + (bounded ? R"(, "max_tokens": 64)" : "") + (fields.empty() ? "" : ", ") + fields +
         "}";
}

HttpReply ask(uint16_t port, const std::string& path, const std::string& body) {
  HttpClient client(port);
  client.send(post(path, body));
  return client.read_reply();
}

std::string said_in(const Json& reply) {
  if (reply.contains("choices")) return reply["choices"][0]["message"].value("content", "");
  for (const Json& item : reply.value("output", Json::array())) {
    if (item["type"] == "message") return item["content"][0]["text"];
  }
  for (const Json& block : reply.value("content", Json::array())) {
    if (block["type"] == "text") return block["text"];
  }
  return {};
}

}  // namespace melete::server
