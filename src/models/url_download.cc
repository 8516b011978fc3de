// A cut is answered by asking for the rest of the same version (RFC 9110, Range and If-Range).

#include "models/url_download.h"

#include <fmt/format.h>

#include <charconv>
#include <chrono>
#include <cstdlib>
#include <optional>
#include <thread>
#include <utility>

#include "net/blocking_client.h"

namespace melete::models {
namespace {

constexpr int kAttempts = 5;
constexpr int64_t kCheckpointBytes = 32 << 20;
constexpr auto kFirstPause = std::chrono::milliseconds(500);
constexpr std::string_view kHub = "https://huggingface.co";

enum class Standing { Complete, Cut };

std::optional<int64_t> to_number(std::string_view text) {
  int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || value < 0) return std::nullopt;
  return value;
}

// "bytes 100-999/1000": where the piece begins, and the size of the whole where it is told.
struct ContentRange {
  int64_t first = 0;
  std::optional<int64_t> total;
};

std::optional<ContentRange> parse_content_range(std::string_view text) {
  constexpr std::string_view kUnit = "bytes ";
  const size_t dash = text.find('-');
  const size_t slash = text.find('/');
  if (!text.starts_with(kUnit) || slash == std::string_view::npos) return std::nullopt;
  const auto total = to_number(text.substr(slash + 1));
  if (dash == std::string_view::npos) return ContentRange{-1, total};
  const auto first = to_number(text.substr(kUnit.size(), dash - kUnit.size()));
  if (!first) return std::nullopt;
  return ContentRange{*first, total};
}

// A strong ETag or the date of the last change; weak tags do not promise the same bytes.
std::string version_of(const net::HttpHead& head) {
  const auto tag = head.header("ETag");
  if (tag && !tag->starts_with("W/")) return *tag;
  return head.header("Last-Modified").value_or("");
}

std::unexpected<Error> bad_status(const net::HttpHead& head) {
  const std::string where = head.url.text();
  if (head.status == 401 || head.status == 403) {
    return fail(
        ErrorCode::Unauthorized,
        fmt::format(
            "{} asks for permission (status {}): accept the model's terms on its page and set "
            "HF_TOKEN, or take another source",
            where, head.status));
  }
  if (head.status == 404 || head.status == 410) {
    return fail(ErrorCode::NotFound,
                fmt::format("{} does not exist (status {})", where, head.status));
  }
  return fail(ErrorCode::Unavailable,
              fmt::format("{} answers with status {}: try again later", where, head.status));
}

// Only these are worth another attempt at once.
bool is_passing(const Error& error) {
  return error.code == ErrorCode::Unavailable || error.code == ErrorCode::DeadlineExceeded ||
         error.code == ErrorCode::Corrupt;
}

class UrlFetcher {
 public:
  UrlFetcher(net::HttpRequest request, PartialFile& file, FetchContext& context)
      : request_(std::move(request)), file_(file), context_(context) {}

  Result<void> run() {
    int failures = 0;
    auto pause = kFirstPause;
    for (;;) {
      const int64_t before = file_.size();
      Result<void> attempt = fetch_rest();
      if (attempt) return attempt;
      if (file_.size() > before) {
        failures = 0;
        pause = kFirstPause;
      }
      if (!is_passing(attempt.error()) || ++failures == kAttempts) return attempt;
      if (context_.stop.stop_requested()) return stopped();
      std::this_thread::sleep_for(pause);
      pause *= 2;
    }
  }

 private:
  static std::unexpected<Error> stopped() {
    return fail(ErrorCode::Cancelled, "the download was stopped; pull again to continue it");
  }

  Result<void> fetch_rest() {
    net::HttpRequest request = request_;
    if (file_.size() > 0) {
      request.headers.push_back({"Range", fmt::format("bytes={}-", file_.size())});
      if (!file_.version().empty()) request.headers.push_back({"If-Range", file_.version()});
    }
    const auto head = client_.start(std::move(request));
    if (!head) return std::unexpected(head.error());
    const auto standing = place(*head);
    if (!standing) return std::unexpected(standing.error());
    if (*standing == Standing::Complete) return {};
    return receive();
  }

  // Puts the file at the place from which the answer goes on; Complete where there is nothing left
  // to fetch.
  Result<Standing> place(const net::HttpHead& head) {
    const auto range = parse_content_range(head.header("Content-Range").value_or(""));
    if (head.status == 206 && range && range->first == file_.size()) {
      total_ = range->total;
      return announce(head);
    }
    if (head.status == 416 && range && range->total == file_.size()) return Standing::Complete;
    if (head.status != 200 && head.status != 206 && head.status != 416) return bad_status(head);
    if (auto emptied = file_.restart(); !emptied) return std::unexpected(emptied.error());
    if (head.status != 200) {
      return fail(ErrorCode::Unavailable,
                  fmt::format("{} does not continue where the download was cut", head.url.text()));
    }
    total_ = to_number(head.header("Content-Length").value_or("unknown"));
    return announce(head);
  }

  Result<Standing> announce(const net::HttpHead& head) {
    version_ = version_of(head);
    if (!total_) return Standing::Cut;
    context_.meter.set_total(*total_);
    auto room = require_free_space(file_.path().parent_path(), *total_ - file_.size());
    if (!room) return std::unexpected(room.error());
    return Standing::Cut;
  }

  // Whatever was received is on record when this returns, so that the next attempt goes on from
  // there.
  Result<void> receive() {
    Result<void> received = receive_pieces();
    if (!received && received.error().code == ErrorCode::StorageFull) return received;
    if (auto recorded = file_.checkpoint(0, version_); !recorded) return recorded;
    return received;
  }

  Result<void> receive_pieces() {
    int64_t recorded = file_.size();
    for (;;) {
      if (context_.stop.stop_requested()) return stopped();
      auto piece = client_.read();
      if (!piece) return std::unexpected(piece.error());
      if (!*piece) break;
      if (auto appended = file_.append(**piece); !appended) return appended;
      context_.meter.update(file_.size());
      if (file_.size() - recorded < kCheckpointBytes) continue;
      if (auto kept = file_.checkpoint(0, version_); !kept) return kept;
      recorded = file_.size();
    }
    if (!total_ || file_.size() == *total_) return {};
    return fail(ErrorCode::Unavailable,
                fmt::format("{} sent {} of {} bytes", request_.url.text(), file_.size(), *total_));
  }

  net::BlockingHttpClient client_;
  net::HttpRequest request_;
  PartialFile& file_;
  FetchContext& context_;
  std::optional<int64_t> total_;
  std::string version_;
};

// The hub names a file's digest in the answer that leads to its storage.
Result<std::string> ask_digest(net::HttpRequest request) {
  request.method = "HEAD";
  request.redirect_limit = 0;
  net::BlockingHttpClient client;
  const auto head = client.start(std::move(request));
  if (!head) return std::unexpected(head.error());
  if (head->status >= 400) return bad_status(*head);
  std::string tag = head->header("X-Linked-Etag").value_or("");
  std::erase(tag, '"');
  return tag.size() == 64 ? tag : std::string();
}

std::string environment_or(const char* variable, std::string_view otherwise) {
  const char* value = std::getenv(variable);
  return value && *value ? std::string(value) : std::string(otherwise);
}

}  // namespace

Result<void> fetch_url(const std::string& url, PartialFile& file, FetchContext& context) {
  auto parsed = net::parse_url(url);
  if (!parsed) return std::unexpected(parsed.error());
  net::HttpRequest request;
  request.url = std::move(*parsed);
  return UrlFetcher(std::move(request), file, context).run();
}

Result<std::string> fetch_from_hugging_face(const HuggingFaceSource& source, PartialFile& file,
                                            FetchContext& context) {
  auto url = net::parse_url(fmt::format("{}/{}/resolve/{}/{}", environment_or("HF_ENDPOINT", kHub),
                                        source.repository, source.revision, source.file));
  if (!url) return std::unexpected(url.error());
  net::HttpRequest request;
  request.url = std::move(*url);
  const std::string token = environment_or("HF_TOKEN", "");
  if (!token.empty()) request.headers.push_back({"Authorization", "Bearer " + token});

  auto digest = ask_digest(request);
  if (!digest) return digest;
  if (auto fetched = UrlFetcher(std::move(request), file, context).run(); !fetched) {
    return std::unexpected(fetched.error());
  }
  return digest;
}

}  // namespace melete::models
