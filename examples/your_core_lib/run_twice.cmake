# SPDX-License-Identifier: Apache-2.0
# Runs PROGRAM, with the folder CONFIG where one is given, on an empty database.
file(REMOVE_RECURSE ${FOLDER})
file(MAKE_DIRECTORY ${FOLDER})
set(before 0)
foreach(after 2 3)
  execute_process(COMMAND ${PROGRAM} ${CONFIG} WORKING_DIRECTORY ${FOLDER} OUTPUT_VARIABLE output COMMAND_ERROR_IS_FATAL ANY)
  foreach(expected "healthy +${ENGINE}" "${before} users were here" "404 +user 1000000" "409 +user ada@example.org exists" "updated ")
    if(NOT output MATCHES "${expected}")
      message(FATAL_ERROR "expected '${expected}' in:\n${output}")
    endif()
  endforeach()
  set(before ${after})
endforeach()
