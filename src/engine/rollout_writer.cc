#include "engine/rollout_writer.h"

#include <fmt/format.h>

#include <algorithm>
#include <deque>
#include <utility>

#include "engine/full_draw.h"
#include "engine/loaded_model.h"
#include "engine/worker_pool.h"
#include "models/gguf_file.h"

namespace melete::engine {

namespace {

constexpr const char* kAdapterName = "learner";

// Counter-based (splitmix64), so that an answer's chances depend on its seed alone.
class Chances {
 public:
  explicit Chances(uint64_t seed) : state_(seed) {}

  double next() {
    state_ += 0x9e3779b97f4a7c15;
    uint64_t mixed = state_;
    mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9;
    mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111eb;
    mixed ^= mixed >> 31;
    return static_cast<double>(mixed >> 11) * 0x1.0p-53;
  }

 private:
  uint64_t state_;
};

// Answers that began together and share their prompt's cells.
struct Group {
  int64_t prompt_tokens = 0;
  int living = 0;  // lines
};

// An answer that is being written.
struct Line {
  size_t rollout = 0;
  Group* group = nullptr;
  llama_seq_id sequence = 0;
  int position = 0;  // of its next token
  Chances chances{0};
};

// The model and what a step needs.
struct Machine {
  Machine(LoadedModel loaded, const RolloutWriterOptions& options)
      : model(std::move(loaded)),
        file(options.model),
        rows(options.rows),
        workers(model.compute->count()),
        batch(llama_batch_init(model.batch_tokens, 0, 1)) {}
  ~Machine() { llama_batch_free(batch); }
  Machine(const Machine&) = delete;
  Machine& operator=(const Machine&) = delete;

  llama_memory_t memory() const { return llama_get_memory(model.context.get()); }
  void add(int32_t token, int position, llama_seq_id sequence, bool wants_logits);
  Result<void> decode();
  std::span<const float> logits_of(int row) const;

  LoadedModel model;
  const std::filesystem::path file;
  const int rows;
  WorkerPool workers;
  llama_batch batch;
};

void Machine::add(int32_t token, int position, llama_seq_id sequence, bool wants_logits) {
  const int row = batch.n_tokens++;
  batch.token[row] = token;
  batch.pos[row] = position;
  batch.n_seq_id[row] = 1;
  batch.seq_id[row][0] = sequence;
  batch.logits[row] = wants_logits ? 1 : 0;
}

Result<void> Machine::decode() {
  const ComputeThreads::Turn turn(*model.compute);
  const int status = llama_decode(model.context.get(), batch);
  llama_synchronize(model.context.get());
  if (status == 0) return {};
  return fail(ErrorCode::Internal,
              fmt::format("A step of {} rows failed with status {}.", batch.n_tokens, status));
}

std::span<const float> Machine::logits_of(int row) const {
  const int vocabulary = llama_vocab_n_tokens(llama_model_get_vocab(model.model.get()));
  return {llama_get_logits_ith(model.context.get(), row), static_cast<size_t>(vocabulary)};
}

// One call of write(): groups of answers that wait, run and end.
class Writing {
 public:
  Writing(Machine& machine, std::span<const RolloutPrompt> prompts, const RolloutWish& wish)
      : prompts_(prompts), wish_(wish), rollouts_(prompts.size() * wish.copies) {
    for (llama_seq_id sequence = 0; sequence < machine.rows; ++sequence) free_.push_back(sequence);
    lines_.reserve(static_cast<size_t>(machine.rows));
  }

  Result<std::vector<WrittenRollout>> run(Machine& machine) {
    llama_memory_clear(machine.memory(), true);
    while (next_ < rollouts_.size() || !lines_.empty()) {
      while (const size_t count = admissible(machine)) {
        if (auto admitted = admit(machine, count); !admitted) {
          return std::unexpected(admitted.error());
        }
      }
      if (lines_.empty()) continue;
      if (auto stepped = step(machine); !stepped) return std::unexpected(stepped.error());
    }
    for (WrittenRollout& rollout : rollouts_) {
      rollout.entropy /= static_cast<double>(rollout.tokens.size());
    }
    return std::move(rollouts_);
  }

 private:
  // How many of the next prompt's answers there is room for. Each reserves cells for its longest.
  size_t admissible(const Machine& machine) const {
    if (next_ == rollouts_.size() || free_.empty()) return 0;
    const auto copies = static_cast<size_t>(wish_.copies);
    const int64_t left =
        machine.model.pool_tokens - reserved_ - std::ssize(prompts_[next_ / copies].tokens);
    if (left < wish_.most_tokens) return lines_.empty() ? 1 : 0;
    const size_t of_prompt = copies - next_ % copies;
    return std::min({of_prompt, free_.size(), static_cast<size_t>(left / wish_.most_tokens)});
  }

  // Reads the prompt of the next answers and draws their first tokens.
  Result<void> admit(Machine& machine, size_t count) {
    const auto copies = static_cast<size_t>(wish_.copies);
    const size_t index = next_ / copies;
    const RolloutPrompt& prompt = prompts_[index];
    const auto length = static_cast<int>(prompt.tokens.size());
    const llama_seq_id first = free_.front();
    for (int at = 0; at < length;) {
      machine.batch.n_tokens = 0;
      const int slice = std::min(machine.model.batch_tokens, length - at);
      for (int i = 0; i < slice; ++i, ++at) {
        machine.add(prompt.tokens[static_cast<size_t>(at)], at, first, at + 1 == length);
      }
      if (auto decoded = machine.decode(); !decoded) return decoded;
    }
    const std::span<const float> logits = machine.logits_of(machine.batch.n_tokens - 1);
    Group& group = groups_.emplace_back(Group{length, static_cast<int>(count)});
    reserved_ += length + static_cast<int64_t>(count) * wish_.most_tokens;
    const size_t begin = lines_.size();
    for (size_t i = 0; i < count; ++i, ++next_) {
      const llama_seq_id sequence = free_.front();
      free_.pop_front();
      if (sequence != first) llama_memory_seq_cp(machine.memory(), first, sequence, -1, -1);
      lines_.push_back({next_, &group, sequence, length, Chances(prompt.seed + next_ % copies)});
    }
    for (size_t i = begin; i < lines_.size(); ++i) draw(lines_[i], logits);
    drop_ended(machine);
    return {};
  }

  Result<void> step(Machine& machine) {
    machine.batch.n_tokens = 0;
    for (Line& line : lines_) {
      machine.add(rollouts_[line.rollout].tokens.back(), line.position++, line.sequence, true);
    }
    if (auto decoded = machine.decode(); !decoded) return decoded;
    machine.workers.run(static_cast<int>(lines_.size()), [&](int row) {
      draw(lines_[static_cast<size_t>(row)], machine.logits_of(row));
    });
    drop_ended(machine);
    return {};
  }

  // Any thread, for one line at a time.
  void draw(Line& line, std::span<const float> logits) {
    WrittenRollout& rollout = rollouts_[line.rollout];
    const FullDraw drawn = draw_full(logits, wish_.likeliest ? -1 : line.chances.next());
    rollout.tokens.push_back(drawn.token);
    rollout.log_probabilities.push_back(drawn.log_probability);
    rollout.entropy += drawn.entropy;
    rollout.ended = drawn.token == wish_.end;
  }

  void drop_ended(Machine& machine) {
    std::erase_if(lines_, [&](const Line& line) {
      const WrittenRollout& rollout = rollouts_[line.rollout];
      const bool over =
          rollout.ended || std::ssize(rollout.tokens) >= static_cast<int64_t>(wish_.most_tokens);
      if (!over) return false;
      llama_memory_seq_rm(machine.memory(), line.sequence, -1, -1);
      free_.push_back(line.sequence);
      reserved_ -= wish_.most_tokens;
      if (--line.group->living == 0) reserved_ -= line.group->prompt_tokens;
      return true;
    });
  }

  const std::span<const RolloutPrompt> prompts_;
  const RolloutWish wish_;
  std::vector<WrittenRollout> rollouts_;
  std::deque<llama_seq_id> free_;
  std::deque<Group> groups_;  // at fixed places
  std::vector<Line> lines_;
  int64_t reserved_ = 0;  // cells
  size_t next_ = 0;       // answer to be begun
};

}  // namespace

struct RolloutWriter::Parts {
  Machine machine;
};

Result<std::unique_ptr<RolloutWriter>> RolloutWriter::load(const RolloutWriterOptions& options) {
  auto model =
      load_model({.name = options.model.stem().string(),
                  .model = options.model,
                  .context_tokens = options.context_tokens,
                  .pool_tokens = options.pool_tokens > 0 ? options.pool_tokens
                                                         : options.context_tokens * options.rows,
                  .threads = options.threads,
                  .sequence_limit = options.rows,
                  .step_costs = {{1, 1.0}}});
  if (!model) return std::unexpected(model.error());
  if (!model->abilities.share || !model->abilities.truncate) {
    return fail(ErrorCode::Unsupported,
                fmt::format("{} has a memory whose parts cannot be shared.", model->name), "model");
  }
  return std::unique_ptr<RolloutWriter>(
      new RolloutWriter(std::unique_ptr<Parts>(new Parts{{std::move(*model), options}})));
}

RolloutWriter::RolloutWriter(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

RolloutWriter::~RolloutWriter() = default;

Result<void> RolloutWriter::set_adapter(const std::filesystem::path& file) {
  LoadedModel& model = parts_->machine.model;
  const models::AdapterFile adapter{kAdapterName, file};
  const auto header = models::read_gguf(parts_->machine.file);
  if (!header) return std::unexpected(header.error());
  if (auto fits = models::check_adapters({&adapter, 1}, *header); !fits) return fits;
  auto loaded = load_adapter(adapter, model.model.get());
  if (!loaded) return std::unexpected(loaded.error());
  llama_adapter_lora* lora = loaded->lora.get();
  float scale = 1;  // beside the file's own
  llama_set_adapters_lora(model.context.get(), &lora, 1, &scale);
  model.adapters.clear();
  model.adapters.push_back(std::move(*loaded));
  return {};
}

Result<std::vector<WrittenRollout>> RolloutWriter::write(std::span<const RolloutPrompt> prompts,
                                                         const RolloutWish& wish) {
  for (const RolloutPrompt& prompt : prompts) {
    const int64_t length = std::ssize(prompt.tokens) + wish.most_tokens;
    if (length <= parts_->machine.model.length.tokens) continue;
    return fail(
        ErrorCode::InvalidArgument,
        fmt::format("A prompt of {} tokens with {} of an answer exceeds the context of {}.",
                    prompt.tokens.size(), wish.most_tokens, parts_->machine.model.length.tokens),
        "most_tokens");
  }
  return Writing(parts_->machine, prompts, wish).run(parts_->machine);
}

}  // namespace melete::engine
