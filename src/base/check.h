// MELETE_CHECK ends the process with a text when a programmer's assumption is false.
// It is for bugs, never for bad input: bad input is an Error.

#pragma once

#include <cstdio>
#include <cstdlib>

#define MELETE_CHECK(condition, text)                                                              \
  do {                                                                                             \
    if (!(condition)) {                                                                            \
      std::fprintf(stderr, "%s:%d: %s does not hold: %s\n", __FILE__, __LINE__, #condition, text); \
      std::abort();                                                                                \
    }                                                                                              \
  } while (false)
