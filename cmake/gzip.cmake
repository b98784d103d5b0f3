# The gzip add-on: soapbark_gzip, by zlib. The rest of Soapbark does not link to it: a program that wants compressed
# bodies links it and gives its table to a server.
#
#   SOAPBARK_GZIP=ON|OFF    by default on where zlib's headers are found
find_package(ZLIB QUIET)
option(SOAPBARK_GZIP "the gzip add-on, by zlib" ${ZLIB_FOUND})
if(SOAPBARK_GZIP)
  find_package(ZLIB REQUIRED)
  soapbark_sources(gzip_sources src/gzip)
  add_library(soapbark_gzip STATIC ${gzip_sources})
  target_link_libraries(soapbark_gzip PUBLIC soapbark z PRIVATE $<BUILD_INTERFACE:soapbark_flags>)
  target_include_directories(soapbark_gzip SYSTEM PRIVATE ${ZLIB_INCLUDE_DIRS})
else()
  message(STATUS "SOAPBARK_GZIP: off, or no zlib found: soapbark_gzip is left out")
endif()
