# melete_library(NAME [LIGHT common|commands] SOURCES ... USES ...): one folder of src/ as the static library
#   melete_NAME. LIGHT: it waits more than it computes, so it is compiled quickly, with headers precompiled.
# melete_test(NAME SOURCES ... USES ... [LABELS ...] [SERIAL] [TIMEOUT seconds]): tests as the program test_NAME.
#   SERIAL: it measures time, so it runs alone. TIMEOUT: of one test; 120 when not given.
#   LABELS: "model": needs a real model, so no sanitizer build has it. "threads": has threads of its own; the
#   thread sanitizer's build has only these.
get_filename_component(melete_root ${CMAKE_CURRENT_LIST_DIR} DIRECTORY)

function(melete_library name)
  cmake_parse_arguments(ARG "" "LIGHT" "SOURCES;USES;PRIVATE_USES" ${ARGN})
  add_library(melete_${name} STATIC EXCLUDE_FROM_ALL ${ARG_SOURCES})
  target_include_directories(melete_${name} PUBLIC ${melete_root}/src)
  target_link_libraries(melete_${name} PUBLIC ${ARG_USES} PRIVATE ${ARG_PRIVATE_USES})
  melete_warnings(melete_${name})
  if(ARG_LIGHT)
    melete_light(melete_${name})
    melete_precompile(melete_${name} ${ARG_LIGHT})
  endif()
endfunction()

function(melete_test name)
  cmake_parse_arguments(ARG "SERIAL" "TIMEOUT" "SOURCES;USES;LABELS" ${ARGN})
  if(NOT ARG_TIMEOUT)
    set(ARG_TIMEOUT 120)
  endif()
  set(properties TIMEOUT ${ARG_TIMEOUT})
  if(ARG_SERIAL)
    list(APPEND properties RUN_SERIAL TRUE)
  endif()
  foreach(label IN LISTS ARG_LABELS)
    list(APPEND properties LABELS ${label})
  endforeach()
  add_executable(test_${name} ${ARG_SOURCES})
  target_include_directories(test_${name} PRIVATE ${CMAKE_SOURCE_DIR}/tests)
  target_compile_definitions(test_${name} PRIVATE MELETE_SOURCE_DIR="${CMAKE_SOURCE_DIR}")
  target_link_libraries(test_${name} PRIVATE ${ARG_USES} GTest::gtest_main GTest::gmock)
  melete_warnings(test_${name})
  melete_light(test_${name})
  melete_precompile(test_${name} tests)
  if(MELETE_SANITIZE AND "model" IN_LIST ARG_LABELS OR
     MELETE_SANITIZE STREQUAL "thread" AND NOT "threads" IN_LIST ARG_LABELS)
    set_target_properties(test_${name} PROPERTIES EXCLUDE_FROM_ALL TRUE)
    return()
  endif()
  gtest_discover_tests(test_${name} TEST_PREFIX ${name}. DISCOVERY_MODE PRE_TEST DISCOVERY_TIMEOUT 60
                       PROPERTIES ${properties})
endfunction()
