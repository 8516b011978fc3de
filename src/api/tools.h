// Tools as every dialect limits them, and their calls.

#pragma once

#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "api/object_reader.h"
#include "chat/request.h"

namespace melete::api {

inline constexpr size_t kMostToolNameBytes = 64;  // OpenAI's limit; a dialect may have another

// The field `name`, which must be there: 1 to `most_bytes` letters, digits, `_` and `-`.
std::optional<std::string> read_tool_name(ObjectReader& fields,
                                          size_t most_bytes = kMostToolNameBytes);

// The same of a tool that follows `earlier`, whose names are taken.
std::optional<std::string> read_new_name(ObjectReader& fields,
                                         const std::vector<chat::Tool>& earlier,
                                         size_t most_bytes = kMostToolNameBytes);

// The field `name`, which must be that of one of `tools`.
std::optional<std::string> read_known_name(ObjectReader& fields,
                                           const std::vector<chat::Tool>& tools,
                                           size_t most_bytes = kMostToolNameBytes);

// Reads one element of `tools` in a dialect's form; nothing where it is refused.
using ToolReader = std::optional<chat::Tool> (*)(ObjectReader& element,
                                                 const std::vector<chat::Tool>& earlier);

// The field `tools`: at most 256.
std::vector<chat::Tool> read_tool_list(ObjectReader& fields, ToolReader read);

// A JSON schema of arguments; one without any where there is none.
Json parameters_or_none(const std::optional<ObjectReader>& parameters);

// The calls that a conversation has made so far, while it is read. Not thread-safe.
class KnownCalls {
 public:
  // A later call with the same id takes the place of an earlier one.
  void add(const std::string& id, const std::string& name) { names_.insert_or_assign(id, name); }

  // All calls of a message.
  void add(const chat::Message& message);

  // Null where there was no such call.
  const std::string* name_of(const std::string& id) const;

 private:
  std::unordered_map<std::string, std::string> names_;  // by id
};

}  // namespace melete::api
