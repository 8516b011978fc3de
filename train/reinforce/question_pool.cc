#include "reinforce/question_pool.h"

#include <algorithm>

#include "data/order.h"

namespace melete::train {

namespace {

constexpr uint64_t kRest = 3;  // passes that a question is set aside for

}  // namespace

QuestionPool::QuestionPool(int64_t size, uint64_t seed, PoolOptions options)
    : seed_(seed), options_(options), entries_(static_cast<size_t>(size)) {}

// Among twice as many steps of the walk as there are questions, each comes at least once.
std::vector<size_t> QuestionPool::choose(size_t count) {
  std::vector<size_t> chosen;
  std::vector<size_t> resting;
  std::vector<bool> seen(entries_.size());
  for (size_t tries = 0; tries < 2 * entries_.size() && chosen.size() < count; ++tries, ++walked_) {
    const uint64_t place = shuffled(walked_, entries_.size(), seed_);
    if (seen[place]) continue;
    seen[place] = true;
    (entries_[place].back <= walked_ ? chosen : resting).push_back(place);
  }
  const size_t missing = std::min(count - chosen.size(), resting.size());
  chosen.insert(chosen.end(), resting.begin(), resting.begin() + static_cast<ptrdiff_t>(missing));
  return chosen;
}

void QuestionPool::remember(size_t place, double solve_rate) {
  const bool worth_asking =
      solve_rate >= options_.least_solved && solve_rate <= options_.most_solved;
  entries_[place].back = worth_asking ? 0 : walked_ + kRest * entries_.size();
}

std::optional<int64_t> QuestionPool::limit(size_t place) const {
  if (entries_[place].limit == 0) return std::nullopt;
  return entries_[place].limit;
}

void QuestionPool::set_limit(size_t place, int64_t tokens) {
  if (entries_[place].limit == 0) entries_[place].limit = tokens;
}

int64_t QuestionPool::set_aside() const {
  return std::ranges::count_if(entries_,
                               [this](const Entry& entry) { return entry.back > walked_; });
}

Json QuestionPool::memory() const {
  Json back = Json::array();
  Json limits = Json::array();
  for (const Entry& entry : entries_) {
    back.push_back(entry.back);
    limits.push_back(entry.limit);
  }
  return {{"walked", walked_}, {"back", back}, {"limits", limits}};
}

bool QuestionPool::restore(const Json& memory) {
  const auto back = memory.at("back").get<std::vector<uint64_t>>();
  const auto limits = memory.at("limits").get<std::vector<int64_t>>();
  if (back.size() != entries_.size() || limits.size() != entries_.size()) return false;
  for (size_t place = 0; place < entries_.size(); ++place) {
    entries_[place] = {back[place], limits[place]};
  }
  walked_ = memory.at("walked").get<uint64_t>();
  return true;
}

}  // namespace melete::train
