// Where the calls on tuning jobs find what they need.

#pragma once

#include "jobs/tuning_jobs.h"
#include "store/database.h"

namespace melete::api::fine_tuning {

struct Desk {
  jobs::TuningJobs* jobs = nullptr;  // null: this server teaches no models
  store::Database& stores;           // has the training files
};

}  // namespace melete::api::fine_tuning
