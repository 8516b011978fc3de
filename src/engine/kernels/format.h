// How quantised weights are laid out for multiplication, and what a kernel is.
//
// A matrix is cut into groups of 8 or 16 rows (one row for each 32-bit lane of a vector register).
// Along k a group is a run of blocks; in a block, four consecutive k of every row lie side by side,
// so that one register holds four k of all rows and one broadcast of four activations meets them
// all. A block is unpacked once for all columns: that is why more columns cost little.
//
// A format is a file (q4_k.h), an instruction set is a folder (avx2/). A new one of either adds
// files and a line in catalogue.cc.

#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

#include "ggml.h"

#include "engine/kernels/activations.h"

namespace melete::engine::kernels {

inline constexpr int kGroupRows = 16;

// Bytes from where a kernel reads weights to what it asks memory for, and from there to what it
// asks the second cache to fetch: the processor's own prefetching ends with every page. Measured on
// processors of two makers; docs/benchmarks.md tells what each brings.
inline constexpr size_t kReadAhead = 4096;
inline constexpr size_t kReadFarAhead = 16384;

// Most columns that one call of a kernel takes.
inline constexpr int kPanelColumns = 32;

// One group of rows times one panel of columns.
struct Tile {
  const std::byte* weights;      // the group's packed blocks
  const std::byte* next;         // those that come after it: read ahead while it is multiplied
  const std::byte* activations;  // the panel: for each block, one activation block for each column
  int block_count;               // along k
  int column_count;              // 1 to kPanelColumns
  float* out;                    // column_count times kGroupRows results, overwritten
};

// A quad of bytes as one number, the first byte lowest: packing handles four weights at a time.
inline uint32_t load_quad(const uint8_t* bytes) {
  uint32_t quad;
  std::memcpy(&quad, bytes, sizeof(quad));
  return quad;
}
inline void store_quad(uint32_t quad, uint8_t* bytes) {
  std::memcpy(bytes, &quad, sizeof(quad));
}

// A weight format, packed. Its functions are pure and may run on any thread.
struct Format {
  ggml_type type;
  int block;                  // weights along k in a packed block
  size_t source_block_bytes;  // of ggml's block, which holds `block` weights of one row
  size_t packed_block_bytes;  // of a packed block, all rows of the group
  ActivationKind activations;

  // Packs one block of a group. Each source is ggml's block of one row; null stands for a row of
  // zeros.
  void (*pack)(std::span<const std::byte* const> sources, std::byte* packed);

  // Writes the `block` weights of one row of a packed block as floats, equal to ggml's own.
  void (*unpack)(const std::byte* packed, int row, float* weights);
};

// The products of one instruction set.
struct ProductTable {
  void (*q4_k)(const Tile& tile);
  void (*q6_k)(const Tile& tile);
  void (*q4_0)(const Tile& tile);
  void (*q4_1)(const Tile& tile);
  void (*q8_0)(const Tile& tile);
};

// A format's product on one instruction set.
struct Kernel {
  const Format* format;
  void (*multiply)(const Tile& tile);
};

}  // namespace melete::engine::kernels
