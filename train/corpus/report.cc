#include "corpus/report.h"

#include <fmt/format.h>

#include "corpus/words.h"

namespace melete::train {

namespace {

std::array<Tally, kSenses> by_sense(const CorpusReport& report) {
  std::array<Tally, kSenses> senses;
  for (const SourceReport& source : report.sources) {
    for (size_t sense = 0; sense < kSenses; ++sense) senses[sense].add(source.written[sense]);
  }
  return senses;
}

Json tally_json(const Tally& tally) {
  return {{"examples", tally.examples},
          {"tokens", tally.tokens},
          {"taught", tally.taught},
          {"mean_tokens", tally.mean_tokens()}};
}

// Only senses that occur.
Json senses_json(const std::array<Tally, kSenses>& senses) {
  Json json = Json::object();
  for (size_t sense = 0; sense < kSenses; ++sense) {
    if (senses[sense].examples == 0) continue;
    json[std::string(name_of(static_cast<Sense>(sense)))] = tally_json(senses[sense]);
  }
  return json;
}

Json dropped_json(const DroppedByReason& dropped) {
  Json json = Json::object();
  for (size_t reason = 0; reason < kReasons; ++reason) {
    if (dropped[reason].count == 0) continue;
    json[std::string(name_of(static_cast<Reason>(reason)))] = {
        {"count", dropped[reason].count}, {"first_lines", dropped[reason].lines}};
  }
  return json;
}

Json source_json(const SourceReport& source) {
  Json json = {{"name", source.name},
               {"weight", source.weight},
               {"read", source.read},
               {"kept", source.kept},
               {"dropped", dropped_json(source.dropped)},
               {"written", tally_json(source.total())},
               {"senses", senses_json(source.written)},
               {"problems", Json::array()},
               {"samples", source.samples}};
  for (const LineProblem& problem : source.problems) {
    json["problems"].push_back({{"line", problem.line}, {"problem", problem.what}});
  }
  return json;
}

std::string table_head(std::string_view name) {
  return fmt::format("{:<20} {:>10} {:>12} {:>12} {:>8}\n", name, "examples", "tokens", "taught",
                     "mean");
}

std::string tally_line(std::string_view name, const Tally& tally) {
  return fmt::format("{:<20} {:>10} {:>12} {:>12} {:>8.1f}\n", name, tally.examples, tally.tokens,
                     tally.taught, tally.mean_tokens());
}

// The beginning of a sample, on one line.
std::string shortened(const Json& sample) {
  constexpr size_t kMost = 100;
  const std::string text = write_json(sample);
  size_t end = 0;
  while (end < text.size() && end < kMost) {
    end += character_length(std::string_view(text).substr(end));
  }
  return text.substr(0, end) + (end < text.size() ? "..." : "");
}

std::string dropped_lines(const SourceReport& source) {
  std::string text;
  for (size_t reason = 0; reason < kReasons; ++reason) {
    const Dropped& dropped = source.dropped[reason];
    if (dropped.count == 0) continue;
    text += fmt::format("  {:<16} {:>8}", name_of(static_cast<Reason>(reason)), dropped.count);
    if (!dropped.lines.empty()) text += fmt::format("  lines {}", fmt::join(dropped.lines, ", "));
    text += '\n';
  }
  return text;
}

std::string source_text(const SourceReport& source) {
  std::string text = fmt::format("\n{}: {} read, {} kept\n", source.name, source.read, source.kept);
  text += dropped_lines(source);
  for (const LineProblem& problem : source.problems) {
    text += fmt::format("  line {}: {}\n", problem.line, problem.what);
  }
  if (!source.samples.empty()) text += fmt::format("  such as: {}\n", shortened(source.samples[0]));
  return text;
}

}  // namespace

void Tally::add(const ExampleSize& size) {
  add(Tally{.examples = 1, .tokens = size.tokens, .taught = size.taught});
}

void Tally::add(const Tally& other) {
  examples += other.examples;
  tokens += other.tokens;
  taught += other.taught;
}

double Tally::mean_tokens() const {
  return examples == 0 ? 0 : static_cast<double>(tokens) / static_cast<double>(examples);
}

Tally SourceReport::total() const {
  Tally all;
  for (const Tally& tally : written) all.add(tally);
  return all;
}

Tally CorpusReport::total() const {
  Tally all;
  for (const SourceReport& source : sources) all.add(source.total());
  return all;
}

Json to_json(const CorpusReport& report) {
  Json json = {{"seed", report.seed},
               {"test_questions", report.test_questions},
               {"total", tally_json(report.total())},
               {"senses", senses_json(by_sense(report))},
               {"sources", Json::array()}};
  for (const SourceReport& source : report.sources) json["sources"].push_back(source_json(source));
  return json;
}

std::string to_text(const CorpusReport& report) {
  std::string text = table_head("source");
  for (const SourceReport& source : report.sources) text += tally_line(source.name, source.total());
  text += tally_line("all", report.total());
  text += "\n" + table_head("sense");
  const std::array<Tally, kSenses> senses = by_sense(report);
  for (size_t sense = 0; sense < kSenses; ++sense) {
    if (senses[sense].examples == 0) continue;
    text += tally_line(name_of(static_cast<Sense>(sense)), senses[sense]);
  }
  for (const SourceReport& source : report.sources) text += source_text(source);
  return text;
}

}  // namespace melete::train
