#include "cli/adapter_option.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "chat/request.h"

namespace melete::cli {
namespace {

bool is_name(const std::string& name) {
  return !name.empty() && std::ranges::all_of(name, [](unsigned char letter) {
    return std::isalnum(letter) != 0 || letter == '.' || letter == '-' || letter == '_';
  });
}

}  // namespace

Result<AdapterOption> read_adapter_option(const std::string& text) {
  AdapterOption option;
  size_t file = 0;
  const size_t sign = text.find('=');
  if (sign < text.find('/')) {  // else it belongs to the path
    file = sign + 1;
    const size_t colon = text.rfind(':', sign);
    if (colon != std::string::npos) option.model = text.substr(0, colon);
    const size_t name = colon == std::string::npos ? 0 : colon + 1;
    option.adapter.name = text.substr(name, sign - name);
  }
  option.adapter.file = text.substr(file);
  if (file == 0) option.adapter.name = option.adapter.file.stem().string();

  const auto wrong = [&text](const std::string& problem) {
    return fail(ErrorCode::InvalidArgument,
                fmt::format("adapter is \"{}\": {}; write FILE, NAME=FILE or MODEL:NAME=FILE", text,
                            problem),
                "adapter");
  };
  const std::string& name = option.adapter.name;
  if (option.adapter.file.empty()) return wrong("it names no file");
  if (chat::mode_from(name)) return wrong(fmt::format("{} is the name of a mode", name));
  if (!is_name(name)) {
    return wrong(fmt::format("\"{}\" is no name of letters, digits, '.', '-' and '_'", name));
  }
  return option;
}

}  // namespace melete::cli
