// A TOML file of settings, read so that every mistake is told with its key.

#pragma once

#include <fmt/format.h>
#include <toml++/toml.h>

#include <chrono>
#include <filesystem>
#include <functional>
#include <initializer_list>
#include <iterator>
#include <limits>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/error.h"

namespace melete::train {

struct Range {
  double low = 0;
  double high = std::numeric_limits<double>::max();
};

inline constexpr Range kCount{.low = 1};
inline constexpr Range kShare{.low = 0, .high = 1};
inline constexpr Range kWeight{.low = 1e-6};
inline constexpr Range kDeadline{.low = 0.1, .high = 3600};  // seconds

// A number of seconds of a file's.
inline Duration seconds(double count) {
  return std::chrono::duration_cast<Duration>(std::chrono::duration<double>(count));
}

// One table of a file. Each call reads a key, if it is there, into its target; the first thing that
// is wrong goes into `problem`, and later calls then change nothing.
//
// Not thread-safe; `table` and `problem` must outlive it.
class Section {
 public:
  // `name` is the path of the table, e.g. "tasks.maze"; empty: the file itself.
  Section(const toml::table& table, std::string name, std::optional<Error>& problem)
      : table_(table), name_(std::move(name)), problem_(problem) {}

  template <typename Number>
  void number(std::string_view key, Number& target, Range range) {
    const toml::node* node = find(key);
    if (node == nullptr) return;
    const std::optional<double> value = node->value<double>();
    const bool whole = std::is_floating_point_v<Number> || node->is_integer();
    if (!value || !whole || *value < range.low || *value > range.high) {
      return complain(
          key, fmt::format("has to be a {} of at least {}{}",
                           std::is_floating_point_v<Number> ? "number" : "whole number", range.low,
                           range.high < std::numeric_limits<double>::max()
                               ? fmt::format(" and at most {}", range.high)
                               : ""));
    }
    target = static_cast<Number>(*value);
  }

  // Whether the key is there and has a text.
  bool has_text(std::string_view key) const;

  // The key's text is one of these names; the target gets what it stands for.
  template <typename Value>
  void choice(std::string_view key, Value& target,
              std::initializer_list<std::pair<std::string_view, Value>> choices) {
    if (find(key) == nullptr) return;
    std::string name;
    text(key, name);
    std::string names;
    for (const auto& [known, value] : choices) {
      if (known == name) {
        target = value;
        return;
      }
      const bool last = known == std::prev(choices.end())->first;
      names += fmt::format("{}{}", names.empty() ? "" : last ? " or " : ", ", known);
    }
    complain(key, fmt::format("is \"{}\": choose {}", name, names));
  }

  void flag(std::string_view key, bool& target);
  void text(std::string_view key, std::string& target);
  void texts(std::string_view key, std::vector<std::string>& target);

  // Relative to the folder `base`.
  void path(std::string_view key, std::filesystem::path& target, const std::filesystem::path& base);
  void paths(std::string_view key, std::vector<std::filesystem::path>& target,
             const std::filesystem::path& base);

  // The table under a key, or an empty one.
  Section section(std::string_view key);

  // Calls `read` for each table within this one, with its key.
  void for_each(const std::function<void(const std::string&, Section)>& read);

  // Says "KEY WHAT." with the key's whole path, unless something was wrong before.
  void complain(std::string_view key, const std::string& what);

  // To be called last: every key that was not read is unknown.
  void finish();

 private:
  const toml::node* find(std::string_view key);
  std::string path_of(std::string_view key) const;

  const toml::table& table_;
  std::string name_;
  std::optional<Error>& problem_;
  std::set<std::string_view> read_;
};

// Reads a file by `read`, which gets the file's own table. Fails with NotFound, and with
// InvalidArgument, naming the key or the line, where something is wrong.
Result<void> read_settings(const std::filesystem::path& file,
                           const std::function<void(Section&)>& read);

// The settings of a command: what `read` finds in a file whose paths are relative to its folder.
// Fails as read_settings() does.
template <typename Config>
Result<Config> read_config(const std::filesystem::path& file,
                           void (*read)(Section&, const std::filesystem::path&, Config&)) {
  Config config;
  const Result<void> done =
      read_settings(file, [&](Section& root) { read(root, file.parent_path(), config); });
  if (!done) return std::unexpected(done.error());
  return config;
}

}  // namespace melete::train
