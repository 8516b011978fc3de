// What each kernel reaches on one thread, for each count of columns, beside what the machine can do
// at most.
//
// The weights of many matrices pass, more than the caches hold, as in a model. Time is processor
// time of the thread and the best of several rounds. Prints a Markdown table.

#include <CLI/CLI.hpp>
#include <algorithm>
#include <random>
#include <span>
#include <vector>

#include "engine/kernels/catalogue.h"
#include "engine/kernels/packed_matrix.h"
#include "fmt/core.h"
#include "kernels/limits.h"
#include "kernels/thread_clock.h"

namespace melete::bench {
namespace {

using engine::kernels::Kernel;
using engine::kernels::kPanelColumns;
using engine::kernels::PackedMatrix;

struct Shape {
  int64_t k;
  int64_t rows;
};

constexpr size_t kPassing = size_t{256} << 20;  // bytes of weights in a round

struct Speed {
  double giga_products;  // multiply-adds a second, 10^9
  double giga_bytes;     // of weights a second, 10^9
};

std::vector<std::byte> random_bytes(size_t count) {
  std::mt19937 generator(1);
  std::vector<std::byte> bytes(count);
  for (std::byte& byte : bytes) byte = static_cast<std::byte>(generator() & 0x3f);
  return bytes;
}

// Activation panels of `columns` columns, back to back.
std::vector<std::byte> panels_of(const Kernel& kernel, int64_t k, int columns) {
  const auto kind = kernel.format->activations;
  const int block = engine::kernels::activation_block(kind);
  const std::vector<float> values(block, 0.5f);
  std::vector<std::byte> panels(activation_bytes(kind) * (k / block) * columns);
  const auto quantize = engine::kernels::quantizer_for(kind);
  for (size_t at = 0; at < panels.size(); at += activation_bytes(kind)) {
    quantize(values.data(), panels.data() + at);
  }
  return panels;
}

// Every group of rows times every panel, as a product does it: some groups at a time, panel by
// panel.
void multiply(const PackedMatrix& matrix, std::span<const std::byte> weights,
              std::span<const std::byte> panels, int columns) {
  const size_t column_bytes = panels.size() / columns;
  const auto slice = std::max<int64_t>(1, 65536 / static_cast<int64_t>(matrix.group_bytes()));
  std::vector<float> out(kPanelColumns * engine::kernels::kGroupRows);
  for (int64_t first = 0; first < matrix.group_count(); first += slice) {
    const int64_t end = std::min(first + slice, matrix.group_count());
    for (int column = 0; column < columns; column += kPanelColumns) {
      for (int64_t group = first; group < end; group++) {
        matrix.kernel->multiply(
            {.weights = weights.data() + group * matrix.group_bytes(),
             .next = weights.data() + (group + 1) % matrix.group_count() * matrix.group_bytes(),
             .activations = panels.data() + column * column_bytes,
             .block_count = matrix.block_count,
             .column_count = std::min(kPanelColumns, columns - column),
             .out = out.data()});
      }
    }
  }
}

// `bytes` is what stands for weights: at least kPassing and a matrix.
Speed measure(const Kernel& kernel, Shape shape, int columns, std::span<const std::byte> bytes) {
  const PackedMatrix matrix = {.kernel = &kernel,
                               .rows = shape.rows,
                               .block_count = static_cast<int>(shape.k / kernel.format->block),
                               .matrix_count = 1};
  const size_t copies = kPassing / matrix.bytes() + 1;
  const auto panels = panels_of(kernel, shape.k, columns);
  double best = 1e9;
  for (int round = 0; round < 3; round++) {
    const double start = thread_seconds();
    for (size_t copy = 0; copy < copies; copy++) {
      multiply(matrix, bytes.subspan(copy * matrix.bytes(), matrix.bytes()), panels, columns);
    }
    best = std::min(best, thread_seconds() - start);
  }
  const auto rounds = static_cast<double>(copies) / best * 1e-9;
  return {.giga_products = static_cast<double>(shape.k * shape.rows * columns) * rounds,
          .giga_bytes = static_cast<double>(matrix.bytes()) * rounds};
}

int run(int argument_count, char** arguments) {
  Shape shape = {.k = 1536, .rows = 17920};
  std::vector<int> column_counts = {1, 2, 4, 8, 16, 32, 512};
  CLI::App app("Speed of the matrix kernels on one thread");
  app.add_option("--k", shape.k, "weights in a row, a multiple of 256");
  app.add_option("--rows", shape.rows, "rows");
  app.add_option("--columns", column_counts, "counts of columns")->delimiter(',');
  CLI11_PARSE(app, argument_count, arguments);

  const double memory = memory_limit();
  const double arithmetic = arithmetic_limit();
  fmt::print("{}, one thread: {:.1f} GB/s from memory, {:.1f} GMAC/s at most; k {}, {} rows\n\n",
             name_of(engine::kernels::instruction_set()), memory, arithmetic, shape.k, shape.rows);
  // No format takes more than 2 bytes for a weight.
  const auto bytes = random_bytes(kPassing + 2 * static_cast<size_t>(shape.k * shape.rows));
  fmt::print("| format | columns | GMAC/s | of the limit | GB/s | of the limit |\n");
  fmt::print("|---|---|---|---|---|---|\n");
  for (const Kernel& kernel : engine::kernels::runnable_kernels()) {
    for (const int columns : column_counts) {
      const Speed speed = measure(kernel, shape, columns, bytes);
      fmt::print("| {} | {} | {:.1f} | {:.0f} % | {:.1f} | {:.0f} % |\n",
                 ggml_type_name(kernel.format->type), columns, speed.giga_products,
                 100 * speed.giga_products / arithmetic, speed.giga_bytes,
                 100 * speed.giga_bytes / memory);
    }
  }
  return 0;
}

}  // namespace
}  // namespace melete::bench

int main(int argument_count, char** arguments) {
  return melete::bench::run(argument_count, arguments);
}
