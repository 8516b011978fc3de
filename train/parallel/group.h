// Several processes that make one model: each computes a part of every step, and they add up what
// they have found. libtorch's c10d over Gloo, on processors.
//
// What fails in one rank has to end all of them: every rank makes the same calls in the same order,
// and tells by agree() what went wrong with it.

#pragma once

#include <torch/types.h>

#include <chrono>
#include <cstdint>
#include <memory>
#include <vector>

#include "base/error.h"
#include "parallel/place.h"

namespace melete::train {

// Not thread-safe. Each call waits for the same call of all ranks. It fails with Unavailable where
// one has ended, at once, or cannot be reached, after the deadline; the group is then of no more
// use. In a group of one every call does nothing and takes no time.
class Group {
 public:
  // One process.
  Group();

  // Meets the others; `deadline` is for that, and then for every call. From now on the process
  // ignores SIGPIPE. Fails with Unavailable.
  static Result<Group> join(const Place& place, std::chrono::milliseconds deadline);

  ~Group();
  Group(Group&& other) noexcept;
  Group& operator=(Group&& other) noexcept;

  int rank() const { return rank_; }
  int size() const { return size_; }

  // How many of the group are on this machine, this one included.
  int neighbours() const { return neighbours_; }

  // Replaces each tensor by its sum over all ranks, which is the same to the bit in each. All are
  // of one type and have the same shapes everywhere. Takes as much of the processor's memory again,
  // by way of which those of a GPU go.
  Result<void> sum(const std::vector<torch::Tensor>& tensors);

  // Replaces the tensors of all ranks by those of `root`; otherwise as sum().
  Result<void> share(const std::vector<torch::Tensor>& tensors, int root);

  // What each rank gives, by rank.
  Result<std::vector<int64_t>> gather(int64_t mine);

  // Succeeds where `mine` has succeeded in all ranks. Otherwise all get the error of the first rank
  // that has one; the others' begins with "Rank N: ".
  Result<void> agree(const Result<void>& mine);

  template <typename T>
  Result<void> agree(const Result<T>& mine) {
    return agree(mine ? Result<void>() : Result<void>(std::unexpected(mine.error())));
  }

 private:
  class Links;

  std::unique_ptr<Links> links_;  // null in a group of one
  int rank_ = 0;
  int size_ = 1;
  int neighbours_ = 1;
};

}  // namespace melete::train
