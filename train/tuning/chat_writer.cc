#include "tuning/chat_writer.h"

#include <fmt/format.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "engine/turn_writer.h"

namespace melete::train {

namespace {

using engine::TurnWriter;

chat::Role role_of(Speaker speaker) {
  if (speaker == Speaker::System) return chat::Role::System;
  return speaker == Speaker::Assistant ? chat::Role::Assistant : chat::Role::User;
}

bool all_text(const Turn& turn) {
  for (const Part& part : turn.parts) {
    if (!std::holds_alternative<std::string>(part)) return false;
  }
  return true;
}

// One conversation on its way to tokens.
class Sequencer {
 public:
  explicit Sequencer(const TurnWriter& turns) : turns_(turns) {}

  void add_text(const Turn& turn) {
    append(turns_.prompt_tokens(text_of(turn)), 1);
    append({turns_.turn_end()}, 1);
  }

  // What is said but not taught: it stands in the prompts of later answers.
  void add_said(const Turn& turn) {
    said_.push_back(chat::text_message(role_of(turn.speaker), text_of(turn)));
  }

  Result<void> add_answer(const Turn& turn) {
    const Result<engine::WrittenTurn> written =
        turns_.write(said_, {.reasoning = turn.reasoning, .text = text_of(turn)});
    if (!written) return std::unexpected(written.error());
    if (written_.empty() || !written->prompt.starts_with(written_)) {
      sequence_ = {};
      append(turns_.prompt_tokens(written->prompt), 0);
    } else {
      append(turns_.further_tokens(written->prompt.substr(written_.size())), 0);
    }
    append(turns_.further_tokens(written->answer), 1);
    append({turns_.turn_end()}, 1);
    written_ = written->prompt + written->answer + turns_.turn_end_text();
    return {};
  }

  Sequence take() { return std::move(sequence_); }

 private:
  void append(const std::vector<int32_t>& tokens, uint8_t taught) {
    sequence_.tokens.insert(sequence_.tokens.end(), tokens.begin(), tokens.end());
    sequence_.taught.resize(sequence_.tokens.size(), taught);
  }

  const TurnWriter& turns_;
  std::vector<chat::Message> said_;
  std::string written_;  // the text of the sequence
  Sequence sequence_;
};

Result<Sequence> write(const TurnWriter& turns, const Conversation& conversation) {
  Sequencer sequencer(turns);
  for (const Turn& turn : conversation) {
    if (!all_text(turn)) {
      return fail(ErrorCode::Unsupported,
                  "An example has a picture or a sound, and open weights are trained on text "
                  "alone: leave such examples out.",
                  "files");
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

Result<ConversationWriter> chat_writer(const std::filesystem::path& model, int64_t vocabulary) {
  Result<std::unique_ptr<TurnWriter>> opened = TurnWriter::open(model);
  if (!opened) return std::unexpected(opened.error());
  const std::shared_ptr<const TurnWriter> turns = std::move(*opened);
  if (turns->token_count() > vocabulary) {
    return fail(ErrorCode::Unsupported,
                fmt::format("{} has {} tokens and only {} embeddings.", model.string(),
                            turns->token_count(), vocabulary),
                "model");
  }
  return ConversationWriter{
      .whole = [turns](const Conversation& conversation) { return write(*turns, conversation); },
      .padding = turns->turn_end()};
}

}  // namespace melete::train
