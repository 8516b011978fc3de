# melete_precompile(TARGET common|commands|tests): headers of libraries that most sources of such a target include,
# compiled once instead of in each source.
#
# A source still includes what it uses: clang-tidy reads every file without this (scripts/check.sh).
set(melete_common_headers
    <algorithm> <array> <atomic> <chrono> <cstdint> <deque> <expected> <filesystem> <functional> <map> <memory>
    <mutex> <optional> <span> <string> <string_view> <thread> <unordered_map> <utility> <variant> <vector>
    <fmt/format.h>
    <nlohmann/json.hpp>
    <boost/asio/as_tuple.hpp>
    <boost/asio/awaitable.hpp>
    <boost/asio/co_spawn.hpp>
    <boost/asio/experimental/awaitable_operators.hpp>
    <boost/asio/io_context.hpp>
    <boost/asio/ip/tcp.hpp>
    <boost/asio/post.hpp>
    <boost/asio/steady_timer.hpp>
    <boost/asio/use_awaitable.hpp>
    <boost/beast/core/flat_buffer.hpp>
    <boost/beast/core/tcp_stream.hpp>
    <boost/beast/http.hpp>)
set(melete_commands_headers ${melete_common_headers} <CLI/CLI.hpp>)
set(melete_tests_headers ${melete_common_headers} <gmock/gmock.h> <gtest/gtest.h>)
set(melete_tests_libraries GTest::gmock)

# A library of one empty source owns the compiled headers of a set.
function(melete_precompile target set)
  set(owner melete_${set}_headers)
  if(NOT TARGET ${owner})
    file(CONFIGURE OUTPUT ${CMAKE_BINARY_DIR}/${owner}.cc CONTENT "")
    add_library(${owner} STATIC ${CMAKE_BINARY_DIR}/${owner}.cc)
    target_link_libraries(${owner} PRIVATE fmt::fmt nlohmann_json::nlohmann_json Boost::headers
                          ${melete_${set}_libraries})
    target_precompile_headers(${owner} PRIVATE ${melete_${set}_headers})
    melete_light(${owner})
  endif()
  target_precompile_headers(${target} REUSE_FROM ${owner})
  target_link_libraries(${target} PRIVATE fmt::fmt)  # its definitions have to be the same
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    target_compile_options(${target} PRIVATE -fpch-preprocess)  # for ccache
  endif()
endfunction()
