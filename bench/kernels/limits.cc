#include "kernels/limits.h"

#include <immintrin.h>

#include <algorithm>
#include <cstdint>
#include <vector>

#include "kernels/thread_clock.h"

namespace melete::bench {
namespace {

constexpr int kRepeats = 7;
constexpr int kSums = 12;  // independent: more than the instructions' latency times their rate
constexpr int kRounds = 1'000'000;

// Each of these multiplies and adds kRounds * kSums vectors, and says how many products that are.

__attribute__((target("avx512f,avx512vnni"))) double multiply_avx512_vnni(volatile int& sink) {
  __m512i weights = _mm512_set1_epi8(3);
  const __m512i activations = _mm512_set1_epi8(5);
  __m512i sums[kSums] = {};
  for (auto& sum : sums) asm volatile("" : "+v"(sum));  // else one sum is made for all
  for (int round = 0; round < kRounds; ++round) {
#pragma GCC unroll 12
    for (__m512i& sum : sums) sum = _mm512_dpbusd_epi32(sum, weights, activations);
  }
  for (const __m512i& sum : sums) weights = _mm512_add_epi32(weights, sum);
  int out[16];
  _mm512_storeu_si512(out, weights);
  sink = out[0];
  return 64.0 * kRounds * kSums;
}

__attribute__((target("avx2,avxvnni"))) double multiply_avx_vnni(volatile int& sink) {
  __m256i weights = _mm256_set1_epi8(3);
  const __m256i activations = _mm256_set1_epi8(5);
  __m256i sums[kSums] = {};
  for (auto& sum : sums) asm volatile("" : "+v"(sum));  // else one sum is made for all
  for (int round = 0; round < kRounds; ++round) {
#pragma GCC unroll 12
    for (__m256i& sum : sums) sum = _mm256_dpbusd_avx_epi32(sum, weights, activations);
  }
  for (const __m256i& sum : sums) weights = _mm256_add_epi32(weights, sum);
  sink = _mm256_extract_epi32(weights, 0);
  return 32.0 * kRounds * kSums;
}

// Two instructions for 32 products, as in the kernels: sums of 16 bits are widened once for many.
__attribute__((target("avx2"))) double multiply_avx2(volatile int& sink) {
  __m256i weights = _mm256_set1_epi8(3);
  __m256i activations = _mm256_set1_epi8(5);
  __m256i sums[kSums] = {};
  for (auto& sum : sums) asm volatile("" : "+v"(sum));  // else one sum is made for all
  for (int round = 0; round < kRounds; ++round) {
    for (__m256i& sum : sums) {
      asm volatile("" : "+x"(activations));  // else the compiler multiplies once
      sum = _mm256_add_epi16(sum, _mm256_maddubs_epi16(weights, activations));
    }
  }
  for (const __m256i& sum : sums) weights = _mm256_add_epi16(weights, sum);
  sink = _mm256_extract_epi32(weights, 0);
  return 32.0 * kRounds * kSums;
}

}  // namespace

double memory_limit() {
  constexpr size_t kBytes = size_t{512} << 20;
  constexpr size_t kStreams = 4;
  constexpr size_t kAhead = 32;  // vectors
  const std::vector<int64_t> data(kBytes / sizeof(int64_t), 1);
  const auto* vectors = reinterpret_cast<const __m256i*>(data.data());
  constexpr size_t kLength = kBytes / sizeof(__m256i) / kStreams;  // of a stream
  double best = 1e9;
  volatile int64_t sink = 0;
  for (int repeat = 0; repeat < kRepeats; ++repeat) {
    const double start = thread_seconds();
    __m256i sums[kStreams] = {};
    for (size_t i = 0; i < kLength; i += 2) {
      for (size_t stream = 0; stream < kStreams; ++stream) {
        const __m256i* at = vectors + stream * kLength + i;
        _mm_prefetch(reinterpret_cast<const char*>(at + kAhead), _MM_HINT_T0);
        sums[stream] = _mm256_add_epi64(sums[stream], _mm256_loadu_si256(at));
        sums[stream] = _mm256_add_epi64(sums[stream], _mm256_loadu_si256(at + 1));
      }
    }
    best = std::min(best, thread_seconds() - start);
    for (const __m256i& sum : sums) sink = sink + _mm256_extract_epi64(sum, 0);
  }
  return kBytes / best * 1e-9;
}

double arithmetic_limit() {
  double (*multiply)(volatile int&) = multiply_avx2;
  if (__builtin_cpu_supports("avxvnni")) multiply = multiply_avx_vnni;
  if (__builtin_cpu_supports("avx512vnni")) multiply = multiply_avx512_vnni;
  double most = 0;
  volatile int sink = 0;
  for (int repeat = 0; repeat < kRepeats; ++repeat) {
    const double start = thread_seconds();
    const double products = multiply(sink);
    most = std::max(most, products / (thread_seconds() - start));
  }
  return most * 1e-9;
}

}  // namespace melete::bench
