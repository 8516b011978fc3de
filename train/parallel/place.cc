#include "parallel/place.h"

#include <fmt/format.h>

#include <charconv>
#include <string_view>
#include <system_error>

namespace melete::train {

namespace {

struct Bounds {
  int least;
  int most;
};

std::string_view text_of(const Environment& environment, const char* name) {
  const char* text = environment(name);
  return text == nullptr ? std::string_view() : text;
}

Result<int> read_number(const Environment& environment, const char* name, Bounds bounds) {
  const std::string_view text = text_of(environment, name);
  int number = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool whole = problem == std::errc() && end == text.data() + text.size();
  if (whole && number >= bounds.least && number <= bounds.most) return number;
  return fail(ErrorCode::InvalidArgument,
              fmt::format("{} is \"{}\": whoever starts several processes has to set it for each, "
                          "to a whole number from {} to {}.",
                          name, text, bounds.least, bounds.most),
              name);
}

// torchrun may keep the keys itself, and begins anew under another prefix after each failure.
std::string launcher_prefix(const Environment& environment) {
  if (text_of(environment, "TORCHELASTIC_USE_AGENT_STORE") != "True") return {};
  return fmt::format("/worker/attempt_{}", text_of(environment, "TORCHELASTIC_RESTART_COUNT"));
}

}  // namespace

Result<Place> read_place(const Environment& environment) {
  constexpr Bounds kSizes{.least = 1, .most = 1'000'000};
  constexpr Bounds kPorts{.least = 1, .most = 65535};
  const std::string_view address = text_of(environment, "MASTER_ADDR");
  const bool by_slurm = environment("WORLD_SIZE") == nullptr && !address.empty();
  const char* const size_name = by_slurm ? "SLURM_NTASKS" : "WORLD_SIZE";
  if (environment(size_name) == nullptr) return Place{};
  const Result<int> size = read_number(environment, size_name, kSizes);
  if (!size) return std::unexpected(size.error());
  if (*size == 1) return Place{};
  const Result<int> rank =
      read_number(environment, by_slurm ? "SLURM_PROCID" : "RANK", {.least = 0, .most = *size - 1});
  if (!rank) return std::unexpected(rank.error());
  if (address.empty()) {
    return fail(ErrorCode::InvalidArgument,
                fmt::format("MASTER_ADDR is missing: with {} processes it has to be the address of "
                            "the machine of rank 0.",
                            *size),
                "MASTER_ADDR");
  }
  const Result<int> port = read_number(environment, "MASTER_PORT", kPorts);
  if (!port) return std::unexpected(port.error());
  return Place{.rank = *rank,
               .size = *size,
               .address = std::string(address),
               .port = static_cast<uint16_t>(*port),
               .prefix = launcher_prefix(environment)};
}

}  // namespace melete::train
