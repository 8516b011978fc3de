#include "store/seal_keys.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace melete::store {

namespace {

constexpr size_t kIdDigits = 8;
constexpr size_t kKeyDigits = 2 * SecretKey::kBytes;
constexpr size_t kLineBytes = kIdDigits + 1 + kKeyDigits;
constexpr size_t kMostBytes = 64 << 10;

std::unexpected<Error> refuse(ErrorCode code, const std::filesystem::path& file,
                              std::string_view what) {
  return fail(code, fmt::format("The key file {} {}.", file.string(), what), file.string());
}

// A text that holds secrets, wiped as it ends.
struct SecretText {
  std::string text;
  ~SecretText() { sodium_memzero(text.data(), text.size()); }
};

// A file that is closed as it ends.
class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;

  int number() const { return number_; }

 private:
  int number_;
};

std::optional<NumberedKey> read_line(std::string_view line) {
  if (line.size() != kLineBytes || line[kIdDigits] != ' ') return std::nullopt;
  const auto decode = [](std::string_view digits, unsigned char* to, size_t bytes) {
    size_t length = 0;
    return sodium_hex2bin(to, bytes, digits.data(), digits.size(), nullptr, &length, nullptr) ==
               0 &&
           length == bytes;
  };
  std::array<unsigned char, 4> id{};
  NumberedKey key;
  if (!decode(line.substr(0, kIdDigits), id.data(), id.size())) return std::nullopt;
  if (!decode(line.substr(kIdDigits + 1), key.key.data(), SecretKey::kBytes)) return std::nullopt;
  for (const unsigned char byte : id) key.id = key.id << 8 | byte;
  return key;
}

Result<std::vector<NumberedKey>> read_lines(const std::filesystem::path& file,
                                            std::string_view text) {
  std::vector<NumberedKey> keys;
  for (int number = 1; !text.empty(); ++number) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    if (line.empty() || line.front() == '#') continue;
    auto key = read_line(line);
    if (!key) {
      return refuse(ErrorCode::Corrupt, file,
                    fmt::format("is damaged in line {}: a key is 8 hexadecimal digits, a space and "
                                "64 digits more",
                                number));
    }
    if (std::ranges::find(keys, key->id, &NumberedKey::id) != keys.end()) {
      return refuse(
          ErrorCode::Corrupt, file,
          fmt::format("has the id of line {} twice: give each key an id of its own", number));
    }
    keys.push_back(*key);
  }
  if (keys.empty()) {
    return refuse(ErrorCode::Corrupt, file, "holds no key: put a copy back, or delete it");
  }
  return keys;
}

Result<std::vector<NumberedKey>> read_keys(const std::filesystem::path& file,
                                           const Descriptor& from) {
  struct stat found{};
  if (fstat(from.number(), &found) != 0 || !S_ISREG(found.st_mode)) {
    return refuse(ErrorCode::Unavailable, file, "is no regular file: name another");
  }
  if ((found.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
    return refuse(ErrorCode::Forbidden, file, "is open to other users: chmod 600 it");
  }
  SecretText content{std::string(kMostBytes, '\0')};
  const ssize_t length = ::read(from.number(), content.text.data(), kMostBytes);
  if (length < 0) {
    return refuse(ErrorCode::Unavailable, file,
                  fmt::format("cannot be read ({}): check its disk", std::strerror(errno)));
  }
  return read_lines(file, std::string_view(content.text).substr(0, static_cast<size_t>(length)));
}

SecretText new_line() {
  std::array<unsigned char, 4 + SecretKey::kBytes> random{};
  randombytes_buf(random.data(), random.size());
  std::array<char, 2 * random.size() + 1> digits{};
  sodium_bin2hex(digits.data(), digits.size(), random.data(), random.size());
  SecretText line{fmt::format("{}\n", digits.data())};
  line.text.insert(kIdDigits, 1, ' ');
  sodium_memzero(random.data(), random.size());
  sodium_memzero(digits.data(), digits.size());
  return line;
}

// Written beside its place and linked there whole, so that nobody reads half a file and nobody's is
// replaced.
Result<void> make_keys(const std::filesystem::path& file) {
  std::string beside = file.string() + ".XXXXXX";
  const Descriptor to(mkostemp(beside.data(), O_CLOEXEC));  // mode 0600
  const SecretText line = new_line();
  const bool written = to.number() >= 0 &&
                       ::write(to.number(), line.text.data(), line.text.size()) ==
                           static_cast<ssize_t>(line.text.size()) &&
                       ::fsync(to.number()) == 0 &&
                       (::link(beside.c_str(), file.c_str()) == 0 || errno == EEXIST);
  const int reason = errno;
  if (to.number() >= 0) ::unlink(beside.c_str());
  if (written) return {};
  return refuse(ErrorCode::StorageFull, file,
                fmt::format("cannot be made ({}): make its folder writable for this user, or name "
                            "another file",
                            std::strerror(reason)));
}

}  // namespace

SecretKey::~SecretKey() {
  sodium_memzero(bytes_.data(), bytes_.size());
}

Result<std::vector<NumberedKey>> read_or_make_keys(const std::filesystem::path& file) {
  for (const bool may_make : {true, false}) {
    const Descriptor from(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
    if (from.number() >= 0) return read_keys(file, from);
    if (errno != ENOENT || !may_make) break;
    if (auto made = make_keys(file); !made) return std::unexpected(made.error());
  }
  return refuse(
      ErrorCode::Unavailable, file,
      fmt::format("cannot be opened ({}): make it readable for this user", std::strerror(errno)));
}

}  // namespace melete::store
