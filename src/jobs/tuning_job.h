// A job that teaches a served model: what was asked for, and how far it has come. Each has a folder
// of its own with everything about it, so that a server that starts again takes it up where it was.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.h"
#include "base/json.h"

namespace melete::jobs {

// How a model is taught: by examples, or by checked answers of its own with a price on thought
// (docs/training.md tells of both).
enum class TuningMethod { Supervised, Reinforcement };

enum class TuningStatus { Queued, Running, Succeeded, Failed, Cancelled };

struct TuningWish {
  std::string model;  // a served one, without an adapter
  TuningMethod method = TuningMethod::Supervised;
  std::string suffix;              // of the new model's name: MODEL:SUFFIX; empty: the job's id
  std::string training_file;       // its id, only ever told
  int epochs = 3;                  // how often each example is read; at least 1
  int batch = 4;                   // packed rows of a step, or questions of one; at least 1
  double rate = 1;                 // times the usual learning rate; above 0
  std::string effort = "default";  // how long answers may be that are checked; or low, medium, high
  int64_t seed = 1;
  Json metadata = Json::object();  // the caller's, only ever told
};

struct TuningJob {
  std::string id;
  std::string owner;  // a digest of the caller's key; empty where there are no keys
  TuningWish wish;
  TuningStatus status = TuningStatus::Queued;
  int64_t created_at = 0;              // seconds since 1970, as below
  std::optional<int64_t> finished_at;  // once it has ended
  int64_t steps = 0;                   // of the whole run
  std::string problem;                 // why it failed, for people; empty: it did not

  std::string adapter() const { return wish.suffix.empty() ? id : wish.suffix; }
  std::string served_name() const { return wish.model + ":" + adapter(); }
};

bool has_ended(TuningStatus status);

// "supervised", "reinforcement"; nothing for another text.
std::string_view name_of(TuningMethod method);
std::optional<TuningMethod> tuning_method_from(std::string_view name);

// "queued", "running", "succeeded", "failed", "cancelled".
std::string_view name_of(TuningStatus status);

// The form in which a job is kept.
Json to_json(const TuningJob& job);

// Corrupt where a field is missing or of another type.
Result<TuningJob> read_job(const Json& json);

}  // namespace melete::jobs
