// How fast answers are stored: inserts and updates a second, and how long one takes.
//
// Usage: store_writes FOLDER [BYTES of an answer, default 4096] [THREADS, default 1]. A database is
// made in FOLDER, which decides what is measured: a memory file system or a disk.

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "store/database.h"

namespace melete {
namespace {

using Seconds = std::chrono::duration<double>;

constexpr int kAnswers = 4'000;  // of all threads together

store::StoredResponse answer(int number, size_t bytes) {
  return {.id = fmt::format("resp_{:024}", number),
          .owner = "bench",
          .status = "in_progress",
          .request = std::string(500, 'q'),
          .input = std::string(500, 'i'),
          .response = std::string(bytes, 'a')};
}

// Stores every answer by `write`, shared among threads, and prints how long it took.
template <typename Write>
bool measure(std::string_view what, int threads, Write write) {
  std::vector<std::vector<double>> times(static_cast<size_t>(threads));
  const auto began = std::chrono::steady_clock::now();
  {
    std::vector<std::jthread> workers;
    for (int thread = 0; thread < threads; ++thread) {
      workers.emplace_back([&, thread] {
        for (int number = thread; number < kAnswers; number += threads) {
          const auto start = std::chrono::steady_clock::now();
          if (!write(number)) return;
          times[static_cast<size_t>(thread)].push_back(
              Seconds(std::chrono::steady_clock::now() - start).count());
        }
      });
    }
  }
  const double whole = Seconds(std::chrono::steady_clock::now() - began).count();
  std::vector<double> all;
  for (const auto& some : times) all.insert(all.end(), some.begin(), some.end());
  if (all.size() != kAnswers) return false;
  std::ranges::sort(all);
  fmt::print("{}: {:.0f} a second, p50 {:.3f} ms, p99 {:.3f} ms\n", what, kAnswers / whole,
             1e3 * all[kAnswers / 2], 1e3 * all[kAnswers * 99 / 100]);
  return true;
}

int run(const std::filesystem::path& folder, size_t bytes, int threads) {
  auto database = store::Database::open(folder / "store_writes.db");
  if (!database) {
    fmt::print(stderr, "{}\n", database.error().message);
    return 1;
  }
  store::ResponseStore& responses = (*database)->responses();
  const bool measured =
      measure("inserts", threads,
              [&](int number) { return responses.insert(answer(number, bytes)).has_value(); }) &&
      measure("updates", threads,
              [&](int number) {
                store::StoredResponse whole = answer(number, bytes);
                whole.status = "completed";
                return responses.update(whole).has_value();
              }) &&
      measure("reads", threads, [&](int number) {
        return responses.find(answer(number, 0).id, "bench").has_value();
      });
  if (measured) return 0;
  fmt::print(stderr, "An answer could not be stored: begin with a folder without a database.\n");
  return 1;
}

}  // namespace
}  // namespace melete

int main(int count, char** arguments) {
  const auto number_at = [&](int index, int otherwise) {
    if (index >= count) return otherwise;
    const std::string_view text = arguments[index];
    int value = 0;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return std::max(1, value);
  };
  if (count < 2) {
    fmt::print(stderr, "usage: store_writes FOLDER [BYTES] [THREADS]\n");
    return 2;
  }
  return melete::run(arguments[1], static_cast<size_t>(number_at(2, 4096)), number_at(3, 1));
}
