#include "parallel/group.h"

#include <fmt/format.h>
#include <unistd.h>
#include <torch/csrc/distributed/c10d/PrefixStore.hpp>
#include <torch/csrc/distributed/c10d/ProcessGroupGloo.hpp>
#include <torch/csrc/distributed/c10d/TCPStore.hpp>

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdlib>
#include <exception>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

namespace melete::train {

namespace {

using Milliseconds = std::chrono::milliseconds;

// What comes after the first line is a backtrace.
std::string first_line(const std::exception& problem) {
  const std::string_view text = problem.what();
  return std::string(text.substr(0, text.find('\n')));
}

c10::intrusive_ptr<c10d::Store> open_store(const Place& place, Milliseconds deadline) {
  c10d::TCPStoreOptions options;
  options.port = place.port;
  options.isServer = place.rank == 0 && place.prefix.empty();
  options.waitWorkers = false;
  options.timeout = deadline;
  c10::intrusive_ptr<c10d::Store> store =
      c10::make_intrusive<c10d::TCPStore>(place.address, options);
  if (place.prefix.empty()) return store;
  return c10::make_intrusive<c10d::PrefixStore>(place.prefix, store);
}

// The network between the ranks: the interface of the variable that PyTorch reads, too; on one
// machine the loopback, whatever the machine's name stands for; else that of the machine's name.
auto open_device(const Place& place) {
  if (const char* interface = std::getenv("GLOO_SOCKET_IFNAME"); interface != nullptr) {
    return c10d::ProcessGroupGloo::createDeviceForInterface(interface);
  }
  const bool loopback = place.address == "localhost" || place.address.starts_with("127.");
  return loopback ? c10d::ProcessGroupGloo::createDeviceForHostname(place.address)
                  : c10d::ProcessGroupGloo::createDefaultDevice();
}

int64_t machine() {
  std::array<char, 256> name{};
  gethostname(name.data(), name.size() - 1);
  return static_cast<int64_t>(std::hash<std::string_view>()(name.data()));
}

// Neighbours in the list go together: few messages, and the first is on its way while the next is
// put together.
std::vector<std::vector<torch::Tensor>> buckets_of(const std::vector<torch::Tensor>& tensors) {
  constexpr size_t kMostBytes = 25'000'000;  // of a bucket with more than one tensor
  std::vector<std::vector<torch::Tensor>> buckets;
  size_t bytes = 0;
  for (const torch::Tensor& tensor : tensors) {
    bytes += tensor.nbytes();
    if (buckets.empty() || bytes > kMostBytes) {
      buckets.emplace_back();
      bytes = tensor.nbytes();
    }
    buckets.back().push_back(tensor);
  }
  return buckets;
}

torch::Tensor joined(const std::vector<torch::Tensor>& tensors) {
  std::vector<torch::Tensor> flat;
  flat.reserve(tensors.size());
  for (const torch::Tensor& tensor : tensors) flat.push_back(tensor.flatten().to(torch::kCPU));
  return torch::cat(flat);
}

void copy_back(const torch::Tensor& whole, const std::vector<torch::Tensor>& tensors) {
  int64_t first = 0;
  for (const torch::Tensor& tensor : tensors) {
    tensor.copy_(whole.narrow(0, first, tensor.numel()).view_as(tensor));
    first += tensor.numel();
  }
}

constexpr int64_t kErrorBytes = 4096;  // of an error on its way; longer ones are cut

torch::Tensor bytes_of(const Error& error) {
  std::string text(1, static_cast<char>(error.code));
  text += error.message + '\0' + error.parameter;
  text.resize(kErrorBytes - 2);
  text.append(2, '\0');
  torch::Tensor bytes = torch::empty({kErrorBytes}, torch::kByte);
  std::ranges::copy(text, bytes.data_ptr<uint8_t>());
  return bytes;
}

Error error_in(const torch::Tensor& bytes, int64_t rank) {
  const uint8_t* first = bytes.data_ptr<uint8_t>();
  const std::string text(first + 1, first + kErrorBytes);
  const std::string message = text.c_str();
  const std::string parameter = text.c_str() + message.size() + 1;
  return {static_cast<ErrorCode>(first[0]), fmt::format("Rank {}: {}", rank, message), parameter};
}

}  // namespace

// c10d's side of a group. Throws what c10d throws.
class Group::Links {
 public:
  Links(const Place& place, Milliseconds deadline) : deadline_(deadline) {
    auto options = c10d::ProcessGroupGloo::Options::create(deadline);
    options->devices.push_back(open_device(place));
    processes_ = c10::make_intrusive<c10d::ProcessGroupGloo>(open_store(place, deadline),
                                                             place.rank, place.size, options);
  }

  void sum(const std::vector<torch::Tensor>& tensors) {
    exchange(tensors, [&](Bucket& bucket) { return processes_->allreduce(bucket); });
  }

  void share(const std::vector<torch::Tensor>& tensors, int root) {
    c10d::BroadcastOptions options;
    options.rootRank = root;
    exchange(tensors, [&](Bucket& bucket) { return processes_->broadcast(bucket, options); });
  }

  Error lost(int rank, const std::exception& problem) const {
    return {ErrorCode::Unavailable,
            fmt::format(
                "Rank {} has lost the others ({}). See what the one said that ended first, then "
                "start all again: they go on from the last checkpoint. If none has ended, raise "
                "deadline, which is {} seconds.",
                rank, first_line(problem), std::chrono::duration<double>(deadline_).count()),
            ""};
  }

 private:
  using Bucket = std::vector<torch::Tensor>;  // of one tensor, as c10d takes it

  template <typename Start>
  static void exchange(const std::vector<torch::Tensor>& tensors, const Start& start) {
    const torch::NoGradGuard guard;
    const std::vector<std::vector<torch::Tensor>> lists = buckets_of(tensors);
    std::vector<Bucket> buckets;
    std::vector<c10::intrusive_ptr<c10d::Work>> works;
    for (const std::vector<torch::Tensor>& list : lists) {
      buckets.push_back({joined(list)});
      works.push_back(start(buckets.back()));
    }
    for (size_t i = 0; i < lists.size(); ++i) {
      works[i]->wait();
      copy_back(buckets[i][0], lists[i]);
    }
  }

  Milliseconds deadline_;
  c10::intrusive_ptr<c10d::ProcessGroupGloo> processes_;
};

Group::Group() = default;
Group::~Group() = default;
Group::Group(Group&& other) noexcept = default;
Group& Group::operator=(Group&& other) noexcept = default;

Result<Group> Group::join(const Place& place, Milliseconds deadline) {
  Group group;
  if (place.size == 1) return group;
  group.rank_ = place.rank;
  group.size_ = place.size;
  // Gloo may write to one that has gone, as in PyTorch, where Python ignores the signal.
  std::signal(SIGPIPE, SIG_IGN);
  try {
    group.links_ = std::make_unique<Links>(place, deadline);
  } catch (const std::exception& problem) {
    return fail(
        ErrorCode::Unavailable,
        fmt::format("Rank {} of {} has not met the others at {}, port {} ({}). Start all of "
                    "them within {} seconds, with a port that is free.",
                    place.rank, place.size, place.address, place.port, first_line(problem),
                    std::chrono::duration<double>(deadline).count()),
        "MASTER_ADDR");
  }
  const Result<std::vector<int64_t>> machines = group.gather(machine());
  if (!machines) return std::unexpected(machines.error());
  group.neighbours_ = static_cast<int>(std::ranges::count(*machines, machine()));
  return group;
}

Result<void> Group::sum(const std::vector<torch::Tensor>& tensors) {
  if (!links_) return {};
  try {
    links_->sum(tensors);
  } catch (const std::exception& problem) {
    return std::unexpected(links_->lost(rank_, problem));
  }
  return {};
}

Result<void> Group::share(const std::vector<torch::Tensor>& tensors, int root) {
  if (!links_) return {};
  try {
    links_->share(tensors, root);
  } catch (const std::exception& problem) {
    return std::unexpected(links_->lost(rank_, problem));
  }
  return {};
}

Result<std::vector<int64_t>> Group::gather(int64_t mine) {
  const torch::Tensor all = torch::zeros({size_}, torch::kLong);
  int64_t* const first = all.data_ptr<int64_t>();
  first[rank_] = mine;
  if (const Result<void> summed = sum({all}); !summed) return std::unexpected(summed.error());
  return std::vector<int64_t>(first, first + size_);
}

Result<void> Group::agree(const Result<void>& mine) {
  if (!links_) return mine;
  const Result<std::vector<int64_t>> failed = gather(mine ? 0 : 1);
  if (!failed) return mine ? std::unexpected(failed.error()) : mine;
  const int64_t first = std::ranges::find(*failed, 1) - failed->begin();
  if (first == size_) return {};
  const torch::Tensor bytes =
      mine ? torch::zeros({kErrorBytes}, torch::kByte) : bytes_of(mine.error());
  const Result<void> shared = share({bytes}, static_cast<int>(first));
  if (first == rank_) return mine;
  if (!shared) return mine ? shared : mine;
  return std::unexpected(error_in(bytes, first));
}

}  // namespace melete::train
