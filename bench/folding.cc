// What becomes of a turn's reasoning, three ways: it stays in the memory, it is cut out and leaves
// a gap in the positions, or it goes with the answer and the answer is read again. Shows cells,
// times and whether a follow-up question about the answer is answered rightly.
//
// Usage: folding MODEL.gguf QUESTIONS.jsonl COUNT; prints Markdown. The model's template must be
// ChatML.

#include <fmt/format.h>
#include <llama-cpp.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <fstream>
#include <functional>
#include <optional>
#include <ranges>
#include <regex>
#include <stdexcept>
#include <string>
#include <vector>

#include "base/json.h"
#include "engine/compute_threads.h"
#include "engine/kernels/kernels.h"

namespace melete::engine {
namespace {

using Tokens = std::vector<llama_token>;

constexpr int kReasoningTokens = 300;
constexpr int kAnswerTokens = 200;
constexpr int kTurns = 2;  // follow-ups of each question

constexpr const char* kBegin =
    "<|im_start|>system\nFirst think step by step inside <think></think>. Then, after </think>, "
    "give the answer plainly.<|im_end|>\n<|im_start|>user\n";
constexpr const char* kAssistant = "<|im_end|>\n<|im_start|>assistant\n";
constexpr std::array<const char*, kTurns> kFollowUps = {
    "Double the number that you just gave. Write only the result.",
    "And now three more than that. Write only the result."};

double seconds_now() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

double median(std::vector<double> values) {
  if (values.empty()) return 0;
  std::ranges::nth_element(values, values.begin() + std::ssize(values) / 2);
  return values[values.size() / 2];
}

// The last number in a text.
std::optional<double> number_in(const std::string& text) {
  static const std::regex kNumber("-?[0-9][0-9,]*(\\.[0-9]+)?");
  std::optional<double> last;
  for (std::sregex_iterator match(text.begin(), text.end(), kNumber), end; match != end; ++match) {
    std::string digits = match->str();
    std::erase(digits, ',');
    last = std::stod(digits);
  }
  return last;
}

// One sequence of a model, written greedily.
class Chat {
 public:
  explicit Chat(const char* path) : threads_(make_compute_threads(0)) {
    llama_model_params model_params = llama_model_default_params();
    model_params.load_mode = LLAMA_LOAD_MODE_NONE;
    model_.reset(llama_model_load_from_file(path, model_params));
    if (!model_) throw std::runtime_error("the model does not load");
    llama_context_params params = llama_context_default_params();
    params.n_ctx = 8192;
    params.n_batch = params.n_ubatch = 512;
    params.n_seq_max = 2;
    params.kv_unified = true;
    params.n_threads = params.n_threads_batch = threads_->count();
    params.flash_attn_type = LLAMA_FLASH_ATTN_TYPE_ENABLED;
    context_.reset(llama_init_from_model(model_.get(), params));
    if (!context_) throw std::runtime_error("the context does not fit into memory");
    llama_attach_threadpool(context_.get(), threads_->pool(), threads_->pool());
  }

  Tokens tokens_of(const std::string& text) const {
    Tokens tokens(text.size() + 8);
    const int count = llama_tokenize(vocabulary(), text.data(), static_cast<int>(text.size()),
                                     tokens.data(), static_cast<int>(tokens.size()), false, true);
    tokens.resize(static_cast<size_t>(std::max(count, 0)));
    return tokens;
  }

  std::string text_of(const Tokens& tokens) const {
    std::string text;
    for (const llama_token token : tokens) {
      std::array<char, 64> piece{};
      const int size =
          llama_token_to_piece(vocabulary(), token, piece.data(), piece.size(), 0, true);
      text.append(piece.data(), static_cast<size_t>(std::max(size, 0)));
    }
    return text;
  }

  // Adds tokens to sequence `sequence`, whose next position is `position`.
  void read(const Tokens& tokens, llama_seq_id sequence, llama_pos& position) {
    for (size_t first = 0; first < tokens.size(); first += 512) {
      const size_t count = std::min<size_t>(512, tokens.size() - first);
      llama_batch batch = llama_batch_init(static_cast<int>(count), 0, 1);
      for (size_t index = 0; index < count; ++index) {
        batch.token[index] = tokens[first + index];
        batch.pos[index] = position++;
        batch.n_seq_id[index] = 1;
        batch.seq_id[index][0] = sequence;
        batch.logits[index] = first + index + 1 == tokens.size();
      }
      batch.n_tokens = static_cast<int>(count);
      const int status = llama_decode(context_.get(), batch);
      llama_batch_free(batch);
      if (status != 0) throw std::runtime_error("the context is full");
    }
    llama_synchronize(context_.get());
  }

  // Writes until `end` or the turn's end, at most `limit` tokens; what ends it is not added.
  Tokens write(llama_seq_id sequence, llama_pos& position, int limit, const std::string& end) {
    Tokens written;
    while (std::ssize(written) < limit) {
      const float* logits = llama_get_logits_ith(context_.get(), -1);
      const auto token = static_cast<llama_token>(
          std::max_element(logits, logits + llama_vocab_n_tokens(vocabulary())) - logits);
      if (llama_vocab_is_eog(vocabulary(), token)) break;
      written.push_back(token);
      read({token}, sequence, position);
      if (!end.empty() && text_of(written).find(end) != std::string::npos) break;
    }
    return written;
  }

  llama_memory_t memory() { return llama_get_memory(context_.get()); }

 private:
  const llama_vocab* vocabulary() const { return llama_model_get_vocab(model_.get()); }

  std::shared_ptr<ComputeThreads> threads_;
  llama_model_ptr model_;
  llama_context_ptr context_;
};

// One way to go on with a conversation.
struct Way {
  const char* name;
  std::vector<double> cells;    // of a turn, once its answer was there
  std::vector<double> saved;    // of those, cells less than with the reasoning
  std::vector<double> folding;  // seconds to read the answer again
  std::vector<double> first;    // seconds to the first token of a follow-up
  int right = 0;
  int asked = 0;
};

// A conversation in sequence 0: question, reasoning, answer; then follow-ups that reason as well.
class Conversation {
 public:
  enum class Fold { Keep, Gap, Again };

  Conversation(Chat& chat, Fold fold, Way& way) : chat_(chat), fold_(fold), way_(way) {
    llama_memory_clear(chat_.memory(), true);
  }

  // The turn that `text` opens; the answer's text.
  std::string turn(const std::string& text, bool follows) {
    const double start = seconds_now();
    const Tokens opening = chat_.tokens_of(text + kAssistant);
    add(opening);
    const llama_pos reasoning_start = position_;
    add(chat_.tokens_of("<think>\n"));
    if (follows) way_.first.push_back(seconds_now() - start);
    const Tokens reasoning = chat_.write(0, position_, kReasoningTokens, "</think>");
    const bool closed = chat_.text_of(reasoning).find("</think>") != std::string::npos;
    cells_ += std::ssize(reasoning);
    add(chat_.tokens_of(closed ? "\n\n" : "\n</think>\n\n"));
    const llama_pos answer_start = position_;
    const Tokens answer = chat_.write(0, position_, kAnswerTokens, "");
    cells_ += std::ssize(answer);
    fold(reasoning_start, answer_start, answer);
    way_.cells.push_back(static_cast<double>(cells_));
    return chat_.text_of(answer);
  }

 private:
  void add(const Tokens& tokens) {
    chat_.read(tokens, 0, position_);
    cells_ += std::ssize(tokens);
  }

  void fold(llama_pos reasoning_start, llama_pos answer_start, const Tokens& answer) {
    way_.saved.push_back(fold_ == Fold::Keep ? 0 : answer_start - reasoning_start);
    if (fold_ == Fold::Keep) return;
    cells_ -= answer_start - reasoning_start;
    if (fold_ == Fold::Gap) {
      llama_memory_seq_rm(chat_.memory(), 0, reasoning_start, answer_start);
      return;
    }
    const double start = seconds_now();
    llama_memory_seq_rm(chat_.memory(), 0, reasoning_start, -1);
    position_ = reasoning_start;
    if (!answer.empty()) chat_.read(answer, 0, position_);
    way_.folding.push_back(seconds_now() - start);
  }

  Chat& chat_;
  const Fold fold_;
  Way& way_;
  llama_pos position_ = 0;
  int64_t cells_ = 0;
};

void converse(Chat& chat, const std::string& question, Conversation::Fold fold, Way& way) {
  Conversation conversation(chat, fold, way);
  const auto said = number_in(conversation.turn(kBegin + question, false));
  if (!said) return;  // nothing that a follow-up could be about
  double expected = *said;
  for (int turn = 0; turn < kTurns; ++turn) {
    expected = turn == 0 ? expected * 2 : expected + 3;
    const std::string answer = conversation.turn(
        fmt::format("<|im_end|>\n<|im_start|>user\n{}", kFollowUps[static_cast<size_t>(turn)]),
        true);
    ++way.asked;
    way.right += number_in(answer) == expected;
  }
}

int run(const char* model, const char* questions, int count) {
  llama_log_set([](ggml_log_level, const char*, void*) {}, nullptr);
  kernels::install_kernels();
  llama_backend_init();
  Chat chat(model);
  std::array<Way, 3> ways{
      {{"stays"}, {"is cut out, a gap stays"}, {"goes, the answer is read again"}}};
  std::ifstream lines(questions);
  std::string line;
  for (int index = 0; index < count && std::getline(lines, line); ++index) {
    const Result<Json> item = parse_json(line);
    if (!item) throw std::runtime_error(item.error().message);
    for (size_t way = 0; way < ways.size(); ++way) {
      converse(chat, item->at("question").get<std::string>(), static_cast<Conversation::Fold>(way),
               ways[way]);
    }
    fmt::print(stderr, "{} of {}\n", index + 1, count);
  }
  fmt::print(
      "| the reasoning | cells after a turn, median | saved by a turn | folding | first token of a "
      "follow-up | "
      "follow-ups answered rightly |\n|---|---|---|---|---|---|\n");
  for (const Way& way : ways) {
    fmt::print("| {} | {:.0f} | {:.0f} | {:.0f} ms | {:.0f} ms | {} of {} |\n", way.name,
               median(way.cells), median(way.saved), median(way.folding) * 1e3,
               median(way.first) * 1e3, way.right, way.asked);
  }
  return 0;
}

}  // namespace
}  // namespace melete::engine

int main(int argument_count, char** arguments) {
  if (argument_count != 4) {
    fmt::print(stderr, "usage: folding MODEL.gguf QUESTIONS.jsonl COUNT\n");
    return 2;
  }
  return melete::engine::run(arguments[1], arguments[2], std::stoi(arguments[3]));
}
