#include "engine/prefix_store.h"

#include <utility>

namespace melete::engine {

PrefixStore::PrefixStore(int64_t byte_limit) : byte_limit_(byte_limit) {}

void PrefixStore::put(Entry entry) {
  const auto size = static_cast<int64_t>(entry.bytes.size());
  if (size > byte_limit_ || contains(entry.chain, entry.adapter)) return;
  for (auto old = entries_.begin(); old != entries_.end();) {
    const bool inside =
        old->adapter == entry.adapter && entry.chain.common_prefix(old->chain) == old->chain.size();
    if (inside) byte_count_ -= static_cast<int64_t>(old->bytes.size());
    old = inside ? entries_.erase(old) : std::next(old);
  }
  while (byte_count_ + size > byte_limit_) {
    byte_count_ -= static_cast<int64_t>(entries_.back().bytes.size());
    entries_.pop_back();
  }
  byte_count_ += size;
  entries_.push_front(std::move(entry));
}

bool PrefixStore::contains(const Chain& chain, const std::string& adapter) const {
  for (const Entry& entry : entries_) {
    if (entry.adapter == adapter && entry.chain.common_prefix(chain) == chain.size()) return true;
  }
  return false;
}

const PrefixStore::Entry* PrefixStore::find(const Chain& chain, const std::string& adapter) {
  auto best = entries_.end();
  size_t best_length = 0;
  for (auto entry = entries_.begin(); entry != entries_.end(); ++entry) {
    if (entry->adapter != adapter) continue;
    const size_t length = entry->chain.common_prefix(chain);
    if (length <= best_length) continue;
    best = entry;
    best_length = length;
  }
  if (best == entries_.end()) return nullptr;
  entries_.splice(entries_.begin(), entries_, best);
  return &entries_.front();
}

}  // namespace melete::engine
