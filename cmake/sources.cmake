# Every folder is one idea: its .c files are found here, so that a new file needs no edit of a CMakeLists.txt.
# NAME_test.c beside NAME.c is a test program of its own; _fuzz.c and _bench.c are built on request.

function(soapbark_sources variable)
  set(found)
  foreach(folder ${ARGN})
    file(GLOB here CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/${folder}/*.c)
    list(FILTER here EXCLUDE REGEX "_(test|fuzz|bench)\\.c$")
    list(APPEND found ${here})
  endforeach()
  set(${variable} ${found} PARENT_SCOPE)
endfunction()

# A test program: soapbark_test(NAME SOURCE... [libraries come by target_link_libraries]).
function(soapbark_test name)
  add_executable(${name} ${ARGN})
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
  target_include_directories(${name} PRIVATE ${CMAKE_SOURCE_DIR}/src ${CMAKE_SOURCE_DIR}/tests)
  target_compile_definitions(${name} PRIVATE SOAPBARK_SOURCE_DIR="${CMAKE_SOURCE_DIR}")
  target_link_libraries(${name} PRIVATE soapbark soapbark_flags)
  add_test(NAME ${name} COMMAND ${name} WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
  set_property(GLOBAL APPEND PROPERTY soapbark_test_files $<TARGET_FILE:${name}>)
endfunction()

# One program for each NAME_test.c of the library, the compiler, the command and the tests folders.
function(soapbark_tests)
  file(GLOB sources CONFIGURE_DEPENDS src/*/*_test.c src/ws/*/*_test.c compiler/*_test.c compiler/*/*_test.c cli/*_test.c
    tests/*/*_test.c)
  foreach(source ${sources})
    get_filename_component(folder ${source} DIRECTORY)
    if(folder MATCHES "/tests/" AND EXISTS ${folder}/CMakeLists.txt)
      continue() # that folder names its own
    endif()
    if(source MATCHES "/src/(tls|auth)/" AND NOT TARGET soapbark_tls)
      continue()
    endif()
    file(RELATIVE_PATH name ${CMAKE_SOURCE_DIR} ${source})
    string(REGEX REPLACE "^src/" "" name ${name})
    string(REPLACE "/" "_" name ${name})
    string(REPLACE ".c" "" name ${name})
    soapbark_test(${name} ${source})
    if(source MATCHES "/src/(tls|auth)/")
      target_link_libraries(${name} PRIVATE soapbark_tls)
    endif()
    if(TARGET soapbark_compiler AND source MATCHES "/(compiler|tests|cli)/")
      target_link_libraries(${name} PRIVATE soapbark_compiler)
    endif()
  endforeach()
endfunction()

# Names the built test programs in tests/list.txt, where tools/run-tests looks.
function(soapbark_test_list)
  get_property(files GLOBAL PROPERTY soapbark_test_files)
  list(JOIN files "\n" lines)
  file(GENERATE OUTPUT ${CMAKE_BINARY_DIR}/tests/list.txt CONTENT "${lines}\n")
endfunction()
