# What `cmake --install` puts in place: library, headers, command, pkg-config file and CMake package.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

install(TARGETS soapbark EXPORT soapbark ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
if(TARGET soapbark_tls)
  install(TARGETS soapbark_tls EXPORT soapbark ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
endif()
if(TARGET soapbark_gzip)
  install(TARGETS soapbark_gzip EXPORT soapbark ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
endif()
if(TARGET soapbark_curl)
  install(TARGETS soapbark_curl EXPORT soapbark ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
endif()
install(DIRECTORY include/soapbark DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} FILES_MATCHING PATTERN "*.h")
if(TARGET soapbark_cli)
  install(TARGETS soapbark_cli EXPORT soapbark RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
endif()
install(DIRECTORY catalog DESTINATION ${CMAKE_INSTALL_DATADIR}/soapbark)

# The version of the table format, for builds that generate with one soapbark and link with another.
file(STRINGS include/soapbark/image.h versions REGEX "BARK_IMAGE_(MAJOR|MINOR) = [0-9]+")
string(REGEX REPLACE ".*BARK_IMAGE_MAJOR = ([0-9]+).*BARK_IMAGE_MINOR = ([0-9]+).*" "\\1.\\2" SOAPBARK_TABLE_VERSION "${versions}")

set(package_folder ${CMAKE_INSTALL_LIBDIR}/cmake/soapbark)
install(EXPORT soapbark NAMESPACE soapbark:: FILE soapbark-targets.cmake DESTINATION ${package_folder})
configure_file(cmake/soapbark-config.cmake.in ${CMAKE_BINARY_DIR}/soapbark-config.cmake @ONLY)
install(FILES ${CMAKE_BINARY_DIR}/soapbark-config.cmake DESTINATION ${package_folder})
install(FILES cmake/service.cmake DESTINATION ${package_folder} RENAME soapbark-service.cmake)
write_basic_package_version_file(${CMAKE_BINARY_DIR}/soapbark-config-version.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_BINARY_DIR}/soapbark-config-version.cmake DESTINATION ${package_folder})

# The prefix is found from where the file stands, so that the installed tree may be moved.
file(RELATIVE_PATH prefix_from_pc /${CMAKE_INSTALL_LIBDIR}/pkgconfig /)
configure_file(cmake/soapbark.pc.in ${CMAKE_BINARY_DIR}/soapbark.pc @ONLY)
install(FILES ${CMAKE_BINARY_DIR}/soapbark.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)

# The same for a library beside it, with what it is linked with.
function(soapbark_part_install part flags description)
  if(TARGET ${part})
    configure_file(cmake/part.pc.in ${CMAKE_BINARY_DIR}/${part}.pc @ONLY)
    install(FILES ${CMAKE_BINARY_DIR}/${part}.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
  endif()
endfunction()
list(TRANSFORM tls_libraries PREPEND "-l" OUTPUT_VARIABLE tls_flags)
list(JOIN tls_flags " " tls_flags)
soapbark_part_install(soapbark_tls "${tls_flags} -pthread" "TLS and cryptography for soapbark, by ${tls_backend}")
soapbark_part_install(soapbark_gzip "-lz" "gzip for soapbark, by zlib")
soapbark_part_install(soapbark_curl "-lcurl" "a client's calls by way of libcurl, for soapbark")
