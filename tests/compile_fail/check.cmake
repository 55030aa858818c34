# SPDX-License-Identifier: Apache-2.0
# cmake -D COMPILER=... -D INCLUDE=... -D SOURCE=... -P check.cmake
# Succeeds where SOURCE fails to compile and the first error holds the sentence behind its "// error: ".
file(READ ${SOURCE} text)
if(NOT text MATCHES "\n// error: ([^\n]+)\n")
  message(FATAL_ERROR "${SOURCE} does not say which error it expects: // error: SENTENCE")
endif()
set(expected "${CMAKE_MATCH_1}")

execute_process(COMMAND ${COMPILER} -std=c++20 -fsyntax-only -I ${INCLUDE} ${SOURCE} RESULT_VARIABLE failed
  OUTPUT_VARIABLE output ERROR_VARIABLE output)
if(failed EQUAL 0)
  message(FATAL_ERROR "${SOURCE} compiles, but must not")
endif()

string(FIND "${output}" "error: " begin)
string(SUBSTRING "${output}" ${begin} -1 first)
string(REGEX REPLACE "\n.*" "" first "${first}")
string(FIND "${first}" "${expected}" found)
if(found EQUAL -1)
  message(FATAL_ERROR "${SOURCE} fails otherwise than expected.\nexpected: ${expected}\nfirst:    ${first}\n\n${output}")
endif()
