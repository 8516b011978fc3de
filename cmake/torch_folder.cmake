# libtorch from a folder, such as that of a Python wheel, in place of Debian's: the wheel's own CMake files would ask
# for CUDA's compiler, which nothing here needs.
add_library(torch INTERFACE)
# Without its copy of fmt, which is not the one that all else is linked with.
file(GLOB headers ${MELETE_TORCH}/include/*)
list(REMOVE_ITEM headers ${MELETE_TORCH}/include/fmt)
file(MAKE_DIRECTORY ${CMAKE_BINARY_DIR}/torch_include)
foreach(header ${headers})
  get_filename_component(name ${header} NAME)
  file(CREATE_LINK ${header} ${CMAKE_BINARY_DIR}/torch_include/${name} SYMBOLIC)
endforeach()
target_include_directories(torch SYSTEM INTERFACE
  ${CMAKE_BINARY_DIR}/torch_include ${MELETE_TORCH}/include/torch/csrc/api/include)
target_compile_definitions(torch INTERFACE USE_DISTRIBUTED USE_C10D_GLOO)
# A library for a GPU registers itself when it is loaded, and no symbol of it is asked for. What it stands on is found
# beside it when the program starts.
set(libraries ${MELETE_TORCH}/lib/libtorch_cpu.so ${MELETE_TORCH}/lib/libc10.so)
if(EXISTS ${MELETE_TORCH}/lib/libtorch_cuda.so)
  list(APPEND libraries ${MELETE_TORCH}/lib/libtorch_cuda.so)
endif()
target_link_libraries(torch INTERFACE -Wl,--no-as-needed ${libraries} -Wl,--as-needed)
target_link_options(torch INTERFACE -Wl,--allow-shlib-undefined -Wl,-rpath,${MELETE_TORCH}/lib)
