# The libcurl add-on: soapbark_curl. The rest of Soapbark does not link to it: a program that wants HTTP/2, or proxies over
# https and SOCKS, links it and gives its carrier to a client.
#
#   SOAPBARK_CURL=ON|OFF    by default on where libcurl's headers are found
find_package(CURL 7.66 QUIET)
option(SOAPBARK_CURL "the carrier by libcurl" ${CURL_FOUND})
if(SOAPBARK_CURL)
  find_package(CURL 7.66 REQUIRED)
  soapbark_sources(curl_sources src/curl)
  add_library(soapbark_curl STATIC ${curl_sources})
  target_include_directories(soapbark_curl PRIVATE src)
  target_include_directories(soapbark_curl SYSTEM PRIVATE ${CURL_INCLUDE_DIRS})
  target_link_libraries(soapbark_curl PUBLIC soapbark curl PRIVATE $<BUILD_INTERFACE:soapbark_flags>)
else()
  message(STATUS "SOAPBARK_CURL: off, or no libcurl found: soapbark_curl is left out")
endif()
