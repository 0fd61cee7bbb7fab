# cmake -DBUILD=... -DPREFIX=... -P install.cmake: what a user installs to write plugins.
file(REMOVE_RECURSE ${PREFIX})
foreach(component core sdk plugins)
  execute_process(COMMAND ${CMAKE_COMMAND} --install ${BUILD} --prefix ${PREFIX} --component ${component}
    OUTPUT_QUIET COMMAND_ERROR_IS_FATAL ANY)
endforeach()
