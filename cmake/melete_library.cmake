# melete_library(NAME SOURCES ... USES ...): one folder of src/ as the static library melete_NAME.
# melete_test(NAME SOURCES ... USES ... [LABELS ...] [SERIAL] [TIMEOUT seconds]): tests as the program test_NAME.
#   SERIAL: it measures time, so it runs alone. TIMEOUT: of one test; 120 when not given.
#   LABELS: "model": needs a real model; "slow": more than ten seconds a test; both are left out under
#   sanitizers. "threads": has threads of its own, so the thread sanitizer runs it.
function(melete_library name)
  cmake_parse_arguments(ARG "" "" "SOURCES;USES;PRIVATE_USES" ${ARGN})
  add_library(melete_${name} STATIC ${ARG_SOURCES})
  target_include_directories(melete_${name} PUBLIC ${CMAKE_SOURCE_DIR}/src)
  target_link_libraries(melete_${name} PUBLIC ${ARG_USES} PRIVATE ${ARG_PRIVATE_USES})
  melete_warnings(melete_${name})
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
  gtest_discover_tests(test_${name} TEST_PREFIX ${name}. DISCOVERY_MODE PRE_TEST DISCOVERY_TIMEOUT 60
                       PROPERTIES ${properties})
endfunction()
