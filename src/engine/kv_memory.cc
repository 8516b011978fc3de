#include "engine/kv_memory.h"

#include <algorithm>
#include <utility>

namespace melete::engine {

KvMemory::KvMemory(CellPool pool, MemoryAbilities abilities, int64_t store_byte_limit)
    : pool_(std::move(pool)), abilities_(abilities), store_(store_byte_limit) {}

size_t KvMemory::usable(size_t length, size_t held) const {
  if (!abilities_.share) return 0;
  // Memory that cannot be cut (recurrent state, sliding windows) is taken whole or not at all.
  if (!abilities_.truncate || abilities_.sliding_window) return length == held ? length : 0;
  return length;
}

KvMemory::Match KvMemory::longest_match(const Chain& chain, const std::string& adapter,
                                        std::span<const PrefixSource> running) const {
  Match best;
  const auto consider = [&](const PrefixSource& source) {
    size_t length = std::min(chain.common_prefix(*source.chain), source.filled);
    length = usable(std::min(length, chain.size() - 1), source.filled);
    if (length > best.length) best = {source, length};
  };
  for (const PrefixSource& source : running) consider(source);
  for (const Idle& idle : idle_) {
    if (idle.adapter == adapter) consider({&idle.chain, idle.chain.size(), idle.sequence});
  }
  return best;
}

std::optional<KvMemory::Attachment> KvMemory::attach(const Chain& chain, const std::string& adapter,
                                                     std::span<const PrefixSource> running,
                                                     int64_t spare_cells) {
  const size_t in_pool = longest_match(chain, adapter, running).length;
  if (auto restored = restore(chain, adapter, in_pool, spare_cells)) return restored;
  // Looked for again, for making room may have moved idle sequences away.
  const auto [best, best_length] = longest_match(chain, adapter, running);
  if (auto taken = take_over(chain, adapter, best_length, spare_cells)) return taken;

  const std::optional<llama_seq_id> sequence =
      best_length > 0 ? fork(best, best_length) : pool_.take();
  if (!sequence) return std::nullopt;
  const auto rest = static_cast<int64_t>(chain.size() - best_length);
  if (!make_room(rest + spare_cells)) {
    pool_.release(*sequence);
    return std::nullopt;
  }
  return Attachment{*sequence, best_length};
}

// Goes on with an idle sequence whose whole chain, `length` entries, is the beginning of `chain`.
std::optional<KvMemory::Attachment> KvMemory::take_over(const Chain& chain,
                                                        const std::string& adapter, size_t length,
                                                        int64_t spare_cells) {
  const auto idle = std::ranges::find_if(idle_, [&](const Idle& candidate) {
    return length > 0 && candidate.adapter == adapter && candidate.chain.size() == length &&
           chain.common_prefix(candidate.chain) == length;
  });
  if (idle == idle_.end()) return std::nullopt;
  std::list<Idle> taken;  // out of make_room()'s reach, but in its place for who points to it
  taken.splice(taken.begin(), idle_, idle);
  if (!make_room(static_cast<int64_t>(chain.size() - length) + spare_cells)) {
    idle_.splice(idle_.end(), taken);
    return std::nullopt;
  }
  return Attachment{taken.front().sequence, length};
}

std::optional<llama_seq_id> KvMemory::fork(const PrefixSource& source, size_t count) {
  if (!abilities_.share) return std::nullopt;
  const std::optional<llama_seq_id> sequence = pool_.take();
  if (sequence) pool_.share(source.sequence, *sequence, count, source.chain->position(count));
  return sequence;
}

// Brings a stored prefix back where it is longer than `minimum`, what the pool itself can give.
std::optional<KvMemory::Attachment> KvMemory::restore(const Chain& chain,
                                                      const std::string& adapter, size_t minimum,
                                                      int64_t spare_cells) {
  const PrefixStore::Entry* entry = store_.find(chain, adapter);
  if (entry == nullptr) return std::nullopt;
  const auto length_in = [&](const PrefixStore::Entry& candidate) {
    const size_t common = std::min(chain.common_prefix(candidate.chain), chain.size() - 1);
    return usable(common, candidate.chain.size());
  };
  if (length_in(*entry) <= minimum) return std::nullopt;

  const size_t rest = chain.size() - length_in(*entry);
  if (!make_room(static_cast<int64_t>(entry->chain.size() + rest) + spare_cells))
    return std::nullopt;
  entry = store_.find(chain, adapter);  // making room may have changed the store
  if (entry == nullptr || length_in(*entry) <= minimum) return std::nullopt;

  const std::optional<llama_seq_id> sequence = pool_.take();
  if (!sequence) return std::nullopt;
  const size_t length = length_in(*entry);
  const bool loaded = pool_.load(*sequence, entry->bytes, entry->chain.size()) &&
                      pool_.truncate(*sequence, length, chain.position(length));
  if (!loaded) {
    pool_.release(*sequence);
    return std::nullopt;
  }
  return Attachment{*sequence, length};
}

void KvMemory::retire(llama_seq_id sequence, Chain chain, std::string adapter) {
  const bool can_cut = abilities_.truncate && !abilities_.sliding_window;
  std::erase_if(idle_, [&](const Idle& idle) {
    const bool spare = can_cut && idle.adapter == adapter &&
                       idle.chain.size() <= idle.chain.common_prefix(chain) + kOpening;
    if (spare) pool_.release(idle.sequence);
    return spare;
  });
  if (idle_.size() >= kIdleLimit) store(idle_.begin());
  idle_.push_back({std::move(chain), std::move(adapter), sequence});
}

void KvMemory::store_oldest_idle() {
  if (!idle_.empty()) store(idle_.begin());
}

bool KvMemory::make_room(int64_t cells) {
  while (pool_.unused() < cells && !idle_.empty()) store(idle_.begin());
  return pool_.unused() >= cells;
}

size_t KvMemory::private_start(llama_seq_id sequence) const {
  return abilities_.truncate && !abilities_.sliding_window ? pool_.shared_count(sequence) : 0;
}

void KvMemory::store(std::list<Idle>::iterator idle) {
  if (!store_.contains(idle->chain, idle->adapter)) {
    store_.put({idle->chain, idle->adapter, pool_.save(idle->sequence, 0)});
  }
  pool_.release(idle->sequence);
  idle_.erase(idle);
}

}  // namespace melete::engine
