#include "store/stored_things.h"

#include <fmt/format.h>

#include <cstdlib>
#include <stdexcept>
#include <utility>

namespace melete::store {

TemporaryFolder::TemporaryFolder() {
  std::string name = (std::filesystem::temp_directory_path() / "melete-XXXXXX").string();
  if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("cannot make a temporary folder");
  path_ = name;
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

TemporaryDatabase::TemporaryDatabase(const DatabaseOptions& options) {
  auto opened = Database::open(file(), options);
  if (!opened) throw std::runtime_error(opened.error().message);
  database_ = std::move(*opened);
}

StoredResponse sample_response(const std::string& id, const std::string& owner) {
  return {
      .id = id,
      .owner = owner,
      .status = "completed",
      .created_at = 1'700'000'000,
      .request = R"({"model":"tiny","input":"Hello"})",
      .input = fmt::format(R"([{{"id":"{}_in","type":"message","role":"user"}}])", id),
      .response = fmt::format(R"({{"id":"{0}","output":[{{"id":"{0}_out"}}]}})", id),
      .last_sequence = 9,
  };
}

}  // namespace melete::store
