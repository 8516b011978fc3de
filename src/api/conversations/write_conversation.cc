#include "api/conversations/write_conversation.h"

#include <utility>

#include "api/resource_body.h"

namespace melete::api::conversations {

Result<std::string> write_conversation(const store::Conversation& conversation) {
  auto metadata = read_stored(conversation.metadata);
  if (!metadata) return std::unexpected(metadata.error());
  return write_json({{"id", conversation.id},
                     {"object", "conversation"},
                     {"created_at", conversation.created_at},
                     {"metadata", std::move(*metadata)}});
}

}  // namespace melete::api::conversations
