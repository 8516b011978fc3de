#include "engine/turn_writer.h"

#include <common.h>
#include <fmt/format.h>
#include <llama-cpp.h>
#include <mtmd.h>

#include <array>
#include <utility>

#include "engine/chat_template.h"
#include "engine/media_encoder.h"
#include "models/gguf_file.h"

namespace melete::engine {

namespace {

// llama.cpp tells about a file at length; while one lives it is silent.
class Silence {
 public:
  Silence() {
    llama_log_get(&log_, &user_data_);
    llama_log_set([](ggml_log_level, const char*, void*) {}, nullptr);
  }
  ~Silence() { llama_log_set(log_, user_data_); }
  Silence(const Silence&) = delete;
  Silence& operator=(const Silence&) = delete;

 private:
  ggml_log_callback log_ = nullptr;
  void* user_data_ = nullptr;
};

llama_model_ptr load_vocabulary(const std::filesystem::path& file) {
  const Silence silence;
  llama_model_params params = llama_model_default_params();
  params.vocab_only = true;
  return llama_model_ptr(llama_model_load_from_file(file.c_str(), params));
}

// The template writes a whole answer where it is to be continued.
std::string as_prefill(const GivenAnswer& answer) {
  if (answer.reasoning.empty()) return answer.text;
  return fmt::format("<think>\n{}\n</think>\n\n{}", answer.reasoning, answer.text);
}

// The token that the template writes behind an answer, if that ends one; else the vocabulary's own.
// What llama.cpp calls the end of a turn is, where a vocabulary has several, any of them.
llama_token find_turn_end(const llama_vocab* vocabulary, const ChatTemplate& chat_template) {
  const std::string answer = "Certainly.";
  chat::Request request;
  request.messages = {chat::text_message(chat::Role::User, "Hello"),
                      chat::text_message(chat::Role::Assistant, answer),
                      chat::text_message(chat::Role::User, "Thanks")};
  const Result<RenderedPrompt> prompt = chat_template.render(request, {});
  const size_t place = prompt ? prompt->text.find(answer) : std::string::npos;
  if (place != std::string::npos) {
    const std::vector<llama_token> behind =
        common_tokenize(vocabulary, prompt->text.substr(place + answer.size()), false, true);
    if (!behind.empty() && llama_vocab_is_eog(vocabulary, behind.front())) return behind.front();
  }
  return llama_vocab_eos(vocabulary);
}

}  // namespace

struct TurnWriter::Parts {
  llama_model_ptr model;
  std::unique_ptr<ChatTemplate> chat_template;
  llama_token turn_end = LLAMA_TOKEN_NULL;

  const llama_vocab* vocabulary() const { return llama_model_get_vocab(model.get()); }
};

TurnWriter::TurnWriter(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

TurnWriter::~TurnWriter() = default;

Result<std::unique_ptr<TurnWriter>> TurnWriter::open(const std::filesystem::path& model) {
  const Result<models::GgufFile> header = models::read_gguf(model);
  if (!header) return std::unexpected(header.error());
  auto parts = std::make_unique<Parts>();
  parts->model = load_vocabulary(model);
  if (!parts->model) {
    return fail(ErrorCode::Corrupt,
                fmt::format("{} has no vocabulary that can be read.", model.string()), "model");
  }
  Result<std::unique_ptr<ChatTemplate>> chat_template = ChatTemplate::make(parts->model.get());
  if (!chat_template) return std::unexpected(chat_template.error());
  parts->chat_template = std::move(*chat_template);
  parts->turn_end = find_turn_end(parts->vocabulary(), *parts->chat_template);
  if (parts->turn_end == LLAMA_TOKEN_NULL) {
    return fail(ErrorCode::Unsupported,
                fmt::format("{} has no token that ends an answer.", model.string()), "model");
  }
  return std::unique_ptr<TurnWriter>(new TurnWriter(std::move(parts)));
}

Result<WrittenTurn> TurnWriter::write(const std::vector<chat::Message>& messages,
                                      const GivenAnswer& answer) const {
  chat::Request request;
  request.messages = messages;
  if (answer.reasoning.empty()) request.limits.reasoning_tokens = 0;
  const Result<RenderedPrompt> prompt = parts_->chat_template->render(request, {});
  if (!prompt) return std::unexpected(prompt.error());
  request.prefill = as_prefill(answer);
  const Result<RenderedPrompt> whole = parts_->chat_template->render(request, {});
  if (!whole) return std::unexpected(whole.error());
  if (!whole->text.starts_with(prompt->text)) {
    return fail(ErrorCode::Unsupported,
                "The model's chat template changes a prompt once its answer has begun, so that "
                "answers cannot be taught.",
                "model");
  }
  return WrittenTurn{prompt->text, whole->text.substr(prompt->text.size())};
}

std::string_view TurnWriter::media_mark() {
  return mtmd_default_marker();
}

std::vector<int32_t> TurnWriter::prompt_tokens(std::string_view text) const {
  return tokenize_text(parts_->vocabulary(), text).tokens;
}

std::vector<int32_t> TurnWriter::further_tokens(const std::string& text) const {
  return common_tokenize(parts_->vocabulary(), text, false, true);
}

std::string TurnWriter::text(std::span<const int32_t> tokens) const {
  std::string text;
  for (const int32_t token : tokens) {
    text += common_token_to_piece(parts_->vocabulary(), token, true);
  }
  return text;
}

int32_t TurnWriter::turn_end() const {
  return parts_->turn_end;
}

std::string TurnWriter::turn_end_text() const {
  return text(std::array{turn_end()});
}

int64_t TurnWriter::token_count() const {
  return llama_vocab_n_tokens(parts_->vocabulary());
}

}  // namespace melete::engine
