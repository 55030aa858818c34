# SPDX-License-Identifier: Apache-2.0
# Runs PROGRAM on a core of the Solr that tests started: ADDRESS is the file that tells where it is.
file(STRINGS ${ADDRESS} lines REGEX "^url=")
string(REGEX REPLACE "^url=" "" url "${lines}")
execute_process(COMMAND ${PROGRAM} ${url} OUTPUT_VARIABLE output COMMAND_ERROR_IS_FATAL ANY)
foreach(expected "indexed [5-9][0-9][0-9][0-9] places" "'switzerland' finds 1:\n  CH      Switzerland \\(Country\\)"
    "DE      Germany \\(Country\\)  \\[Allemagne\\]" "'スイス' finds [0-9]+:\n  CH" "OR {!lucene}\\*:\\*' finds 0" "become\\?\n  Switzerland\n" "\n  +[0-9]+ x Country\n")
  if(NOT output MATCHES "${expected}")
    message(FATAL_ERROR "expected '${expected}' in:\n${output}")
  endif()
endforeach()
