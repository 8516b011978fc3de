# Builds every folder that is added after this file with the sanitizers of MELETE_SANITIZE.
include_guard()
if(MELETE_SANITIZE)
  add_compile_options(-fsanitize=${MELETE_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer -O1 -g1)
  add_link_options(-fsanitize=${MELETE_SANITIZE})
endif()
if(MELETE_SANITIZE STREQUAL "thread")
  # Asio uses fences; the sanitizer does not see them and g++ says so at each.
  add_compile_options(-Wno-tsan)
endif()
