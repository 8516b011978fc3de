// What this machine can do at most, measured on one thread: the scale on which kernels are judged.

#pragma once

namespace melete::bench {

// Bytes a second read from memory, in 10^9.
double memory_limit();

// Multiply-adds a second of int8 by the best instructions that the kernels use, without loads, in
// 10^9.
double arithmetic_limit();

}  // namespace melete::bench
