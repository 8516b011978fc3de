#include "tuning/chat_writer.h"

#include <fmt/format.h>

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "data/media_places.h"
#include "engine/turn_writer.h"

namespace melete::train {

namespace {

using engine::TurnWriter;

chat::Role role_of(Speaker speaker) {
  if (speaker == Speaker::System) return chat::Role::System;
  return speaker == Speaker::Assistant ? chat::Role::Assistant : chat::Role::User;
}

chat::Message message_of(const Turn& turn) {
  chat::Message message{.role = role_of(turn.speaker), .parts = {}};
  for (const Part& part : turn.parts) {
    if (const auto* words = std::get_if<std::string>(&part)) {
      message.parts.emplace_back(chat::TextPart{*words});
    } else if (std::holds_alternative<Picture>(part)) {
      message.parts.emplace_back(chat::ImagePart{.bytes = {}, .label = "a picture"});
    } else {
      message.parts.emplace_back(chat::AudioPart{.bytes = {}, .label = "a sound"});
    }
  }
  return message;
}

// One conversation on its way to tokens. It has to outlive this.
class Sequencer {
 public:
  Sequencer(const TurnWriter& turns, const MediaPlaces& places) : turns_(turns), places_(places) {}

  void add_text(const Turn& turn) {
    append(turns_.prompt_tokens(text_of(turn)), 1);
    append({turns_.turn_end()}, 1);
  }

  // What is said but not taught: it stands in the prompts of later answers.
  void add_said(const Turn& turn) {
    said_.push_back(message_of(turn));
    for (const Part& part : turn.parts) {
      if (!std::holds_alternative<std::string>(part)) media_.push_back(&part);
    }
  }

  Result<void> add_answer(const Turn& turn) {
    const Result<engine::WrittenTurn> written =
        turns_.write(said_, {.reasoning = turn.reasoning, .text = text_of(turn)});
    if (!written) return std::unexpected(written.error());
    if (!written->prompt.starts_with(written_)) {
      sequence_ = {};
      written_.clear();
      placed_ = 0;
    }
    append_prompt(std::string_view(written->prompt).substr(written_.size()));
    append(turns_.further_tokens(written->answer), 1);
    append({turns_.turn_end()}, 1);
    written_ = written->prompt + written->answer + turns_.turn_end_text();
    return {};
  }

  Sequence take() { return std::move(sequence_); }

 private:
  // A prompt is cut at its pictures and sounds into texts of their own, as the engine cuts it.
  void append_prompt(std::string_view text) {
    const std::string_view mark = TurnWriter::media_mark();
    for (size_t place = 0; place != std::string_view::npos;) {
      place = text.find(mark);
      const std::string piece(text.substr(0, place));
      append(sequence_.tokens.empty() ? turns_.prompt_tokens(piece) : turns_.further_tokens(piece),
             0);
      if (place == std::string_view::npos) break;
      append_media(*media_[placed_++]);
      text.remove_prefix(place + mark.size());
    }
  }

  void append_media(const Part& part) {
    const MediaMarks marks = marks_around(part);
    append(turns_.further_tokens(std::string(marks.start)), 0);
    places_.append(sequence_, part);
    append(turns_.further_tokens(std::string(marks.end)), 0);
  }

  void append(const std::vector<int32_t>& tokens, uint8_t taught) {
    sequence_.tokens.insert(sequence_.tokens.end(), tokens.begin(), tokens.end());
    sequence_.taught.resize(sequence_.tokens.size(), taught);
  }

  const TurnWriter& turns_;
  const MediaPlaces& places_;
  std::vector<chat::Message> said_;
  std::vector<const Part*> media_;  // of what was said
  size_t placed_ = 0;               // of those, how many stand in the sequence
  std::string written_;             // the text of the sequence
  Sequence sequence_;
};

Result<void> check_senses(const MediaPlaces& places, const Turn& turn) {
  for (const Part& part : turn.parts) {
    if (places.takes(part)) continue;
    const bool picture = std::holds_alternative<Picture>(part);
    return fail(ErrorCode::Unsupported,
                fmt::format("An example has a {0} and the model has no {1}: give it one by {1} = "
                            "\"S\", or leave such examples out.",
                            picture ? "picture" : "sound", picture ? "eye" : "ear"),
                picture ? "eye" : "ear");
  }
  return {};
}

Result<Sequence> write(const TurnWriter& turns, const MediaPlaces& places,
                       const Conversation& conversation) {
  Sequencer sequencer(turns, places);
  for (const Turn& turn : conversation) {
    if (const Result<void> taken = check_senses(places, turn); !taken) {
      return std::unexpected(taken.error());
    }
    const bool last = &turn == &conversation.back();
    if (turn.speaker == Speaker::Nobody) {
      sequencer.add_text(turn);
    } else if (turn.speaker == Speaker::Assistant && (last || turn.reasoning.empty())) {
      if (const Result<void> added = sequencer.add_answer(turn); !added) {
        return std::unexpected(added.error());
      }
    }
    sequencer.add_said(turn);
  }
  return sequencer.take();
}

}  // namespace

Result<ConversationWriter> chat_writer(const std::filesystem::path& model,
                                       const ModelConfig& config) {
  Result<std::unique_ptr<TurnWriter>> opened = TurnWriter::open(model);
  if (!opened) return std::unexpected(opened.error());
  const std::shared_ptr<const TurnWriter> turns = std::move(*opened);
  const int64_t embeddings = config.decoder.vocabulary;
  if (turns->token_count() > embeddings) {
    return fail(ErrorCode::Unsupported,
                fmt::format("{} has {} tokens and only {} embeddings.", model.string(),
                            turns->token_count(), embeddings),
                "model");
  }
  const auto places = std::make_shared<const MediaPlaces>(media_shape(config), turns->turn_end());
  return ConversationWriter{.whole =
                                [turns, places](const Conversation& conversation) {
                                  return write(*turns, *places, conversation);
                                },
                            .padding = turns->turn_end()};
}

}  // namespace melete::train
