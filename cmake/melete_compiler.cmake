# Compiler settings that every target of Melete shares.
if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "" FORCE)
endif()

# Paths below this checkout do not count, so that another clone finds the same objects. The sloppiness is what
# ccache asks for with precompiled headers.
find_program(CCACHE ccache)
if(CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(launcher ${CMAKE_COMMAND} -E env CCACHE_BASEDIR=${CMAKE_SOURCE_DIR} CCACHE_NOHASHDIR=true
      CCACHE_SLOPPINESS=pch_defines,time_macros ${CCACHE})
  set(CMAKE_C_COMPILER_LAUNCHER ${launcher})
  set(CMAKE_CXX_COMPILER_LAUNCHER ${launcher})
endif()

if(MELETE_PORTABLE)
  add_link_options(-static)
endif()

# Asio headers are compiled once, into melete_base's users, without deprecated names.
add_compile_definitions(BOOST_ASIO_NO_DEPRECATED BOOST_ASIO_DISABLE_BOOST_COROUTINE)

function(melete_warnings target)
  target_compile_options(${target} PRIVATE -Wall -Wextra -Wno-missing-field-initializers -Werror)
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # False positives of g++ 12 in inlined library code.
    target_compile_options(${target} PRIVATE -Wno-restrict -Wno-maybe-uninitialized
                           -Wno-stringop-overflow -Wno-array-bounds)
  else()
    # g++ 12's own headers use what they call deprecated.
    target_compile_options(${target} PRIVATE -Wno-deprecated-declarations)
  endif()
endfunction()

# -O3 takes twice as long as this over coroutines and templates of libraries, and gains nothing where code waits
# for a network, a model or a person.
function(melete_light target)
  target_compile_options(${target} PRIVATE $<$<CONFIG:Release>:-O1>)
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # A false positive of g++ 12 in Asio's coroutines when it inlines little.
    target_compile_options(${target} PRIVATE -Wno-mismatched-new-delete)
    # Collecting garbage over the precompiled headers is an eighth of the time; without it a compiler takes a tenth
    # more memory, 0.7 GB.
    if(NOT MELETE_SANITIZE)
      target_compile_options(${target} PRIVATE --param=ggc-min-heapsize=2000000)
    endif()
  endif()
endfunction()
