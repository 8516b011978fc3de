// Which sequences hold which prefixes, in the pool and in RAM, and how room is made.
//
// Cells of others slow every step, so an idle sequence stays in the pool only until something else
// runs; then its cells move to the prefix store as bytes. A new sequence begins with the longest
// prefix that any other holds, wherever that is.

#pragma once

#include <llama.h>

#include <cstdint>
#include <list>
#include <optional>
#include <span>
#include <string>

#include "engine/cell_pool.h"
#include "engine/chain.h"
#include "engine/model_memory.h"
#include "engine/prefix_store.h"

namespace melete::engine {

// A running sequence that others may share from.
struct PrefixSource {
  const Chain* chain = nullptr;
  size_t filled = 0;  // entries whose cells are in the pool
  llama_seq_id sequence = -1;
};

// Engine thread only. At least one sequence id is always kept spare for saving and loading.
class KvMemory {
 public:
  // Idle sequences that stay in the pool; beyond it the oldest moves to RAM.
  static constexpr int kIdleLimit = 8;

  // Entries at the end of an idle prefix that are not worth keeping it for.
  static constexpr size_t kOpening = 16;

  KvMemory(CellPool pool, MemoryAbilities abilities, int64_t store_byte_limit);

  struct Attachment {
    llama_seq_id sequence = -1;
    size_t filled = 0;  // leading entries that are already in cells
  };

  // Gives a sequence to `chain`, starting with the longest shared prefix (at most chain.size() - 1
  // entries) and leaving at least `spare_cells` unused after the rest of the chain. An idle
  // sequence that the chain continues is taken over; others are moved to RAM where cells are short.
  // Nothing when there is no room.
  std::optional<Attachment> attach(const Chain& chain, const std::string& adapter,
                                   std::span<const PrefixSource> running, int64_t spare_cells);

  // Gives a new sequence the first `count` entries of `source`, without new cells. Nothing where
  // this model's memory cannot share or no sequence id is left.
  std::optional<llama_seq_id> fork(const PrefixSource& source, size_t count);

  // Ends a sequence. Its chain stays as an idle prefix for later requests. Others go that it
  // contains but for a few words, such as those that opened an answer.
  void retire(llama_seq_id sequence, Chain chain, std::string adapter);

  // Ends a sequence and keeps nothing.
  void release(llama_seq_id sequence) { pool_.release(sequence); }

  // Moves the oldest idle sequence, if there is one, to RAM. Copies its cells: some 10 ms for 1,000
  // tokens of a small model.
  void store_oldest_idle();

  // Moves idle sequences to RAM, oldest first, until `cells` are unused; false if that is not
  // enough.
  bool make_room(int64_t cells);

  // The first cell that is worth saving when a sequence is set aside: those before it stay with its
  // siblings.
  size_t private_start(llama_seq_id sequence) const;

  bool can_fork() const { return abilities_.share; }
  CellPool& pool() { return pool_; }
  const CellPool& pool() const { return pool_; }
  size_t idle_count() const { return idle_.size(); }
  int64_t stored_byte_count() const { return store_.byte_count(); }

 private:
  struct Idle {
    Chain chain;
    std::string adapter;
    llama_seq_id sequence;
  };

  // The sequence in the pool, running or idle, that shares the longest prefix with a chain.
  struct Match {
    PrefixSource source;
    size_t length = 0;
  };
  Match longest_match(const Chain& chain, const std::string& adapter,
                      std::span<const PrefixSource> running) const;

  // How much of `length` matching entries can be used of a source that holds `held`.
  size_t usable(size_t length, size_t held) const;
  std::optional<Attachment> take_over(const Chain& chain, const std::string& adapter, size_t length,
                                      int64_t spare_cells);
  std::optional<Attachment> restore(const Chain& chain, const std::string& adapter, size_t minimum,
                                    int64_t spare_cells);
  void store(std::list<Idle>::iterator idle);

  CellPool pool_;
  MemoryAbilities abilities_;
  PrefixStore store_;
  std::list<Idle> idle_;  // oldest first
};

}  // namespace melete::engine
