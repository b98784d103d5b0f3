# The catalog of standard schemas becomes part of the compiler library.
file(GLOB catalog_files CONFIGURE_DEPENDS catalog/*)
add_custom_command(
  OUTPUT ${CMAKE_BINARY_DIR}/catalog_data.c
  COMMAND ${CMAKE_COMMAND} -DINDEX=${CMAKE_SOURCE_DIR}/catalog/index -DOUTPUT=${CMAKE_BINARY_DIR}/catalog_data.c
          -P ${CMAKE_SOURCE_DIR}/cmake/embed.cmake
  DEPENDS ${catalog_files} ${CMAKE_SOURCE_DIR}/cmake/embed.cmake
  COMMENT "embedding the catalog"
  VERBATIM)
target_sources(soapbark_compiler PRIVATE ${CMAKE_BINARY_DIR}/catalog_data.c)
