# melete_embed(OUTPUT file.cc INPUT file HEADER cli/page.h FUNCTION melete::cli::page_html): makes a source file
# whose FUNCTION gives the bytes of INPUT, made anew whenever INPUT changes. Run as a script it does the work.
set(MELETE_EMBED_SCRIPT ${CMAKE_CURRENT_LIST_FILE})

function(melete_embed)
  cmake_parse_arguments(ARG "" "OUTPUT;INPUT;HEADER;FUNCTION" "" ${ARGN})
  add_custom_command(
    OUTPUT ${ARG_OUTPUT}
    COMMAND ${CMAKE_COMMAND} -DOUTPUT=${ARG_OUTPUT} -DINPUT=${ARG_INPUT} -DHEADER=${ARG_HEADER}
            -DFUNCTION=${ARG_FUNCTION} -P ${MELETE_EMBED_SCRIPT}
    DEPENDS ${ARG_INPUT} ${MELETE_EMBED_SCRIPT}
    COMMENT "Embedding ${ARG_INPUT}"
    VERBATIM)
endfunction()

if(CMAKE_SCRIPT_MODE_FILE STREQUAL CMAKE_CURRENT_LIST_FILE)
  file(READ ${INPUT} digits HEX)
  string(LENGTH "${digits}" bytes)
  math(EXPR bytes "${bytes} / 2")
  string(REGEX REPLACE "(..)" "\\\\x\\1" text "${digits}")
  # In pieces, which the compiler joins: lines of megabytes help nobody.
  set(pieces "")
  string(LENGTH "${text}" length)
  set(at 0)
  while(at LESS length)
    string(SUBSTRING "${text}" ${at} 8000 piece)
    string(APPEND pieces "    \"${piece}\"\n")
    math(EXPR at "${at} + 8000")
  endwhile()
  file(WRITE ${OUTPUT} "// Made from ${INPUT} by cmake/embed.cmake.\n#include \"${HEADER}\"\n\n"
       "std::string_view ${FUNCTION}() {\n  static constexpr char kBytes[] =\n${pieces}    ;\n"
       "  return {kBytes, ${bytes}};\n}\n")
endif()
