# What `cmake --install` puts in place: library, headers, command, pkg-config file and CMake package.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

install(TARGETS soapbark EXPORT soapbark ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
if(TARGET soapbark_tls)
  install(TARGETS soapbark_tls EXPORT soapbark ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
endif()
install(DIRECTORY include/soapbark DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} FILES_MATCHING PATTERN "*.h")
if(TARGET soapbark_cli)
  install(TARGETS soapbark_cli RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
endif()

set(package_folder ${CMAKE_INSTALL_LIBDIR}/cmake/soapbark)
install(EXPORT soapbark NAMESPACE soapbark:: FILE soapbark-config.cmake DESTINATION ${package_folder})
write_basic_package_version_file(${CMAKE_BINARY_DIR}/soapbark-config-version.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_BINARY_DIR}/soapbark-config-version.cmake DESTINATION ${package_folder})

# The prefix is found from where the file stands, so that the installed tree may be moved.
file(RELATIVE_PATH prefix_from_pc /${CMAKE_INSTALL_LIBDIR}/pkgconfig /)
configure_file(cmake/soapbark.pc.in ${CMAKE_BINARY_DIR}/soapbark.pc @ONLY)
install(FILES ${CMAKE_BINARY_DIR}/soapbark.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
if(TARGET soapbark_tls)
  list(TRANSFORM tls_libraries PREPEND "-l" OUTPUT_VARIABLE tls_flags)
  list(JOIN tls_flags " " tls_flags)
  configure_file(cmake/soapbark_tls.pc.in ${CMAKE_BINARY_DIR}/soapbark_tls.pc @ONLY)
  install(FILES ${CMAKE_BINARY_DIR}/soapbark_tls.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
endif()
