#include "engine/cell_pool.h"

#include "base/check.h"

namespace melete::engine {

CellPool::CellPool(llama_context* context, int64_t capacity, int sequence_count)
    : context_(context),
      memory_(llama_get_memory(context)),
      capacity_(capacity),
      cells_of_(static_cast<size_t>(sequence_count)) {
  for (llama_seq_id sequence = sequence_count - 1; sequence >= 0; --sequence) {
    free_sequences_.push_back(sequence);
  }
}

std::optional<llama_seq_id> CellPool::take() {
  if (free_sequences_.empty()) return std::nullopt;
  const llama_seq_id sequence = free_sequences_.back();
  free_sequences_.pop_back();
  return sequence;
}

void CellPool::release(llama_seq_id sequence) {
  llama_memory_seq_rm(memory_, sequence, -1, -1);
  for (const CellId cell : cells_of_[sequence]) drop_reference(cell);
  cells_of_[sequence].clear();
  free_sequences_.push_back(sequence);
}

void CellPool::share(llama_seq_id from, llama_seq_id to, size_t count, llama_pos position) {
  MELETE_CHECK(cells_of_[to].empty(), "cells are shared into an empty sequence");
  llama_memory_seq_cp(memory_, from, to, -1, position);
  const std::vector<CellId>& source = cells_of_[from];
  cells_of_[to].assign(source.begin(), source.begin() + static_cast<ptrdiff_t>(count));
  for (const CellId cell : cells_of_[to]) ++references_[cell];
}

bool CellPool::truncate(llama_seq_id sequence, size_t count, llama_pos position) {
  std::vector<CellId>& cells = cells_of_[sequence];
  if (cells.size() <= count) return true;
  if (!llama_memory_seq_rm(memory_, sequence, position, -1)) return false;
  for (size_t index = count; index < cells.size(); ++index) drop_reference(cells[index]);
  cells.resize(count);
  return true;
}

bool CellPool::reaches_back(llama_seq_id sequence, llama_pos position) const {
  const llama_pos least = llama_memory_seq_pos_min(memory_, sequence);
  return least >= 0 && least <= position;
}

void CellPool::extend(llama_seq_id sequence, size_t count) {
  for (size_t added = 0; added < count; ++added) cells_of_[sequence].push_back(new_cell());
}

size_t CellPool::shared_count(llama_seq_id sequence) const {
  size_t count = 0;
  for (const CellId cell : cells_of_[sequence]) {
    if (references_[cell] < 2) break;
    ++count;
  }
  return count;
}

std::vector<uint8_t> CellPool::save(llama_seq_id sequence, llama_pos position) {
  // llama.cpp saves whole sequences, so the tail is first given a sequence of its own.
  llama_seq_id source = sequence;
  const std::optional<llama_seq_id> spare = position > 0 ? take() : std::nullopt;
  if (position > 0) {
    MELETE_CHECK(spare.has_value(), "one sequence id is always kept spare");
    llama_memory_seq_cp(memory_, sequence, *spare, position, -1);
    source = *spare;
  }
  std::vector<uint8_t> bytes(llama_state_seq_get_size(context_, source));
  bytes.resize(llama_state_seq_get_data(context_, bytes.data(), bytes.size(), source));
  if (spare) release(*spare);
  return bytes;
}

bool CellPool::load(llama_seq_id sequence, const std::vector<uint8_t>& bytes, size_t count) {
  const std::optional<llama_seq_id> spare = take();
  if (!spare) return false;
  const bool loaded = llama_state_seq_set_data(context_, bytes.data(), bytes.size(), *spare) > 0;
  if (loaded) {
    llama_memory_seq_cp(memory_, *spare, sequence, -1, -1);
    extend(sequence, count);
  }
  release(*spare);
  return loaded;
}

void CellPool::drop_reference(CellId cell) {
  if (--references_[cell] > 0) return;
  free_cells_.push_back(cell);
  --used_;
}

CellPool::CellId CellPool::new_cell() {
  ++used_;
  if (free_cells_.empty()) {
    references_.push_back(1);
    return static_cast<CellId>(references_.size() - 1);
  }
  const CellId cell = free_cells_.back();
  free_cells_.pop_back();
  references_[cell] = 1;
  return cell;
}

}  // namespace melete::engine
