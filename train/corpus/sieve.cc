#include "corpus/sieve.h"

#include <algorithm>
#include <array>
#include <utility>

#include "corpus/words.h"

namespace melete::train {

namespace {

Sense sense_of(const Sequence& sequence) {
  if (sequence.pictures.empty()) return sequence.sounds.empty() ? Sense::Text : Sense::Sound;
  return sequence.sounds.empty() ? Sense::Picture : Sense::PictureAndSound;
}

ExampleSize size_of(const Sequence& sequence) {
  return {.tokens = std::ssize(sequence.tokens),
          .taught = std::ranges::count(sequence.taught, 1),
          .sense = sense_of(sequence)};
}

}  // namespace

std::string_view name_of(Sense sense) {
  constexpr std::array<std::string_view, kSenses> kNames = {"text", "picture", "sound",
                                                            "picture_and_sound"};
  return kNames[static_cast<size_t>(sense)];
}

Sieve::Sieve(const MediaShape& media, const FilterOptions& options, TestQuestions tests)
    : writer_(media), options_(options), tests_(std::move(tests)), near_(options.similarity) {}

Verdict Sieve::judge_made(const Conversation& conversation) const {
  const ExampleSize size = size_of(writer_.whole(conversation));
  if (size.tokens < options_.least_tokens) return {Reason::TooShort, {}, size};
  if (size.tokens > options_.most_tokens) return {Reason::TooLong, {}, size};
  if (tests_.given_away_by(fingerprint_of(conversation))) return {Reason::InTests, {}, size};
  return {std::nullopt, {}, size};
}

Verdict Sieve::judge(std::string_view line, const std::filesystem::path& folder) {
  if (!is_utf8(line)) return {Reason::BrokenText, {}, {}};
  const Result<Record> record = read_record(line);
  if (!record) return {Reason::BadLine, record.error().message, {}};
  if (const std::optional<Reason> reason = reason_against(*record, options_)) {
    return {reason, {}, {}};
  }
  const Result<Conversation> conversation = load(*record, folder);
  if (!conversation) return {Reason::BadMedia, conversation.error().message, {}};
  Verdict verdict = judge_made(*conversation);
  if (verdict.reason) return verdict;
  const Fingerprint fingerprint = fingerprint_of(*conversation);
  if (is_duplicate(fingerprint.whole)) {
    verdict.reason = Reason::Duplicate;
  } else if (!near_.add(fingerprint.words(), hash_of(fingerprint.media))) {
    verdict.reason = Reason::NearDuplicate;
  }
  return verdict;
}

}  // namespace melete::train
