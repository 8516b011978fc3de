#include "kernels/limits.h"

#include <immintrin.h>

#include <algorithm>
#include <cstdint>
#include <vector>

#include "kernels/thread_clock.h"

namespace melete::bench {
namespace {

constexpr int kRepeats = 5;

// Eight quads of one column times eight rows: as in the Q4_K kernel, without loads.
__m256i piece(const __m256i* weights, __m256i activations, __m256i scales) {
  __m256i sum = _mm256_maddubs_epi16(weights[0], activations);
  for (int quad = 1; quad < 8; quad++) {
    sum = _mm256_add_epi16(sum, _mm256_maddubs_epi16(weights[quad], activations));
  }
  return _mm256_madd_epi16(sum, scales);
}

}  // namespace

double memory_limit() {
  constexpr size_t kBytes = size_t{256} << 20;
  const std::vector<int64_t> data(kBytes / sizeof(int64_t), 1);
  double best = 1e9;
  volatile int64_t sink = 0;
  for (int repeat = 0; repeat < kRepeats; repeat++) {
    const double start = thread_seconds();
    __m256i sums[4] = {};
    const auto* lines = reinterpret_cast<const __m256i*>(data.data());
    for (size_t i = 0; i < kBytes / sizeof(__m256i); i += 4) {
      for (int j = 0; j < 4; j++) {
        sums[j] = _mm256_add_epi64(sums[j], _mm256_loadu_si256(lines + i + j));
      }
    }
    best = std::min(best, thread_seconds() - start);
    sink = _mm256_extract_epi64(
        _mm256_add_epi64(_mm256_add_epi64(sums[0], sums[1]), _mm256_add_epi64(sums[2], sums[3])),
        0);
  }
  (void)sink;
  return kBytes / best * 1e-9;
}

double arithmetic_limit() {
  constexpr int kPieces = 2'000'000;
  constexpr double kProducts = 8.0 * 32;
  double best = 1e9;
  volatile int sink = 0;
  for (int repeat = 0; repeat < kRepeats; repeat++) {
    __m256i weights[8];
    for (int i = 0; i < 8; i++) weights[i] = _mm256_set1_epi8(static_cast<char>(repeat + i));
    __m256i activations = _mm256_set1_epi8(3);
    const __m256i scales = _mm256_set1_epi16(5);
    __m256i sums[4] = {};
    const double start = thread_seconds();
    for (int i = 0; i < kPieces; i += 4) {
      for (__m256i& sum : sums) {
        asm volatile("" : "+x"(activations));  // else the compiler multiplies once
        sum = _mm256_add_epi32(sum, piece(weights, activations, scales));
      }
    }
    best = std::min(best, thread_seconds() - start);
    sink = _mm256_extract_epi32(
        _mm256_add_epi32(_mm256_add_epi32(sums[0], sums[1]), _mm256_add_epi32(sums[2], sums[3])),
        0);
  }
  (void)sink;
  return kPieces * kProducts / best * 1e-9;
}

}  // namespace melete::bench
