// The KV cells of one model and who uses them.
//
// llama.cpp stores the cells and shares them between sequences, but does not say how many are in
// use. The pool mirrors every change, so that `used()` is exact: a cell counts once however many
// sequences hold it.

#pragma once

#include <llama.h>

#include <cstdint>
#include <optional>
#include <vector>

namespace melete::engine {

// Counts are entries of a chain (cells); positions are llama.cpp's and may be fewer (M-RoPE).
//
// Engine thread only. The context must outlive the pool.
class CellPool {
 public:
  // `capacity` cells and sequence ids 0 to `sequence_count` - 1.
  CellPool(llama_context* context, int64_t capacity, int sequence_count);

  // An empty sequence id, or nothing when all are taken. O(1).
  std::optional<llama_seq_id> take();

  // Frees the cells that only this sequence holds, and its id. O(capacity).
  void release(llama_seq_id sequence);

  // Makes the first `count` cells of `from` also those of `to`, which must be empty. No data is
  // copied.
  void share(llama_seq_id from, llama_seq_id to, size_t count, llama_pos position);

  // Keeps the first `count` cells of a sequence, those before `position`. False where this model's
  // memory cannot do it: the sequence is then unchanged.
  bool truncate(llama_seq_id sequence, size_t count, llama_pos position);

  // Whether a sequence has all its cells from `position` on: in layers with a sliding window later
  // ones may have taken their places.
  bool reaches_back(llama_seq_id sequence, llama_pos position) const;

  // Notes that a decode added `count` cells to a sequence.
  void extend(llama_seq_id sequence, size_t count);

  // The number of leading cells that some other sequence holds as well.
  size_t shared_count(llama_seq_id sequence) const;

  // Copies the cells from `position` on into bytes; cells before it are left out.
  std::vector<uint8_t> save(llama_seq_id sequence, llama_pos position);

  // Adds saved cells (`count` of them) to a sequence after what it holds. False when they do not
  // fit.
  bool load(llama_seq_id sequence, const std::vector<uint8_t>& bytes, size_t count);

  int64_t capacity() const { return capacity_; }
  int64_t used() const { return used_; }
  int64_t unused() const { return capacity_ - used_; }

 private:
  using CellId = uint32_t;  // of the mirror, not llama.cpp's cell index

  void drop_reference(CellId cell);
  CellId new_cell();

  llama_context* context_;
  llama_memory_t memory_;
  int64_t capacity_;
  int64_t used_ = 0;
  std::vector<llama_seq_id> free_sequences_;
  std::vector<std::vector<CellId>> cells_of_;  // by sequence id
  std::vector<uint32_t> references_;           // by cell id
  std::vector<CellId> free_cells_;
};

}  // namespace melete::engine
