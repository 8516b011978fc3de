# A static program for 64-bit Arm by Debian's cross compiler. Headers are those of this machine, of which the compiler
# takes none that is for its own processor; the rest, and the archives, lie where scripts/arm64_libraries.sh put them.
set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_SYSTEM_PROCESSOR aarch64)
set(CMAKE_C_COMPILER aarch64-linux-gnu-gcc)
set(CMAKE_CXX_COMPILER aarch64-linux-gnu-g++)
set(CMAKE_CROSSCOMPILING_EMULATOR "qemu-aarch64-static;-cpu;max")

get_filename_component(arm64_libraries ${CMAKE_CURRENT_LIST_DIR}/../build/arm64_libraries ABSOLUTE)
set(CMAKE_FIND_ROOT_PATH ${arm64_libraries})
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(ENV{PKG_CONFIG_LIBDIR} ${arm64_libraries}/usr/lib/aarch64-linux-gnu/pkgconfig)
set(ENV{PKG_CONFIG_SYSROOT_DIR} ${arm64_libraries})
include_directories(SYSTEM ${arm64_libraries}/usr/include/aarch64-linux-gnu)
set(CMAKE_EXE_LINKER_FLAGS_INIT "-L${arm64_libraries}/usr/lib/aarch64-linux-gnu")
