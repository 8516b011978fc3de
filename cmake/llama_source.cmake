# Brings llama.cpp v0.5.0: from MELETE_LLAMA_SOURCE where given, else from the git bundle that the npm package
# node-llama-cpp 3.22.1 carries, checked by its SHA-256 and kept in the user's cache.
set(MELETE_LLAMA_BUNDLE_SHA256 5f5d1105d5df040738d87b8290e5d17e7362131cdcfdb0831618e0ea528b4a51)

if(NOT MELETE_LLAMA_SOURCE)
  execute_process(
    COMMAND ${CMAKE_SOURCE_DIR}/scripts/fetch_llama.sh ${MELETE_LLAMA_BUNDLE_SHA256}
    OUTPUT_VARIABLE llama_source_dir OUTPUT_STRIP_TRAILING_WHITESPACE RESULT_VARIABLE status)
  if(NOT status EQUAL 0)
    message(FATAL_ERROR "llama.cpp's source could not be fetched; see above, or give -DMELETE_LLAMA_SOURCE=DIR")
  endif()
else()
  set(llama_source_dir ${MELETE_LLAMA_SOURCE})
endif()

set(BUILD_SHARED_LIBS OFF)
set(LLAMA_BUILD_COMMON ON)
set(LLAMA_BUILD_MTMD ON)
set(LLAMA_BUILD_TOOLS OFF)
set(LLAMA_BUILD_TESTS OFF)
set(LLAMA_BUILD_EXAMPLES OFF)
set(LLAMA_BUILD_SERVER OFF)
set(LLAMA_BUILD_APP OFF)
set(LLAMA_OPENSSL OFF)
set(LLAMA_SUBPROCESS OFF)
set(LLAMA_BUILD_IS_DEV OFF)
set(GGML_CCACHE OFF)
set(GGML_CUDA ${MELETE_CUDA})
set(GGML_VULKAN ${MELETE_VULKAN})
if(MELETE_PORTABLE)
  set(GGML_NATIVE OFF)
  set(GGML_STATIC ON)
  if(CMAKE_SYSTEM_PROCESSOR STREQUAL "aarch64")
    set(GGML_CPU_ARM_ARCH armv8-a)
  else()
    set(GGML_AVX2 ON)
    set(GGML_FMA ON)
    set(GGML_F16C ON)
    set(GGML_BMI2 ON)
  endif()
endif()

# Models compute on threads of ours (src/engine/compute_threads.h): OpenMP's stop spinning, and a step takes twice
# as long, as soon as a process has more of them than cores.
set(GGML_OPENMP OFF)

# The thread sanitizer has to see llama.cpp's atomics. The others watch our own code only: llama.cpp's objects then
# come from ccache, and compiling it with them takes three times as long.
if(MELETE_SANITIZE STREQUAL "thread")
  include(melete_sanitize)
endif()
add_subdirectory(${llama_source_dir} ${CMAKE_BINARY_DIR}/llama EXCLUDE_FROM_ALL SYSTEM)
include(melete_sanitize)

# Without ggml's kernels for AMX: g++ drops most of the tiles' configuration that they build, and the first product
# crashes (llama.cpp's pull request 26954). And without those that sum in 16 bits: the keys of Qwen2's models are so
# large that attention passes 65,504, and every answer is noise. Our own kernels use neither.
if(CMAKE_SYSTEM_PROCESSOR STREQUAL "x86_64")
  target_compile_options(ggml-cpu PRIVATE -mno-amx-tile -mno-amx-int8 -mno-amx-bf16 -mno-avx512fp16)
endif()

# llama.cpp's copy of nlohmann/json is another version than ours; its public headers need no such copies.
get_target_property(common_links llama-common INTERFACE_LINK_LIBRARIES)
list(REMOVE_ITEM common_links vendor::nlohmann vendor::sheredom "$<LINK_ONLY:cpp-httplib>")
set_target_properties(llama-common PROPERTIES INTERFACE_LINK_LIBRARIES "${common_links}")

# Of llama-common only chat formats and grammars are used: what reads command lines and downloads is not
# built, and the rest, which computes nothing, is compiled quickly.
get_target_property(common_sources llama-common SOURCES)
list(FILTER common_sources EXCLUDE REGEX
     "^(arg|console|debug|download|hf-cache|imatrix-loader|preset|subproc)\\.cpp$")
set_target_properties(llama-common PROPERTIES SOURCES "${common_sources}")
get_target_property(common_private_links llama-common LINK_LIBRARIES)
list(REMOVE_ITEM common_private_links cpp-httplib)
set_target_properties(llama-common PROPERTIES LINK_LIBRARIES "${common_private_links}")
target_compile_options(llama-common PRIVATE $<$<CONFIG:Release>:-O1>)

# Many small files that read the same large headers are compiled together, as llama.cpp does it with its models.
function(unite target folder pattern)
  get_target_property(sources ${target} SOURCES)
  list(FILTER sources EXCLUDE REGEX "${pattern}")
  list(FILTER sources EXCLUDE REGEX "^[$/]")
  list(TRANSFORM sources PREPEND "${llama_source_dir}/${folder}/")
  set_source_files_properties(${sources} TARGET_DIRECTORY ${target} PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
  set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE 10)
endfunction()
unite(mtmd tools/mtmd "^models/")
unite(llama-common common "^parsers/")
