# flowrun_add_plugin(NAME SOURCES a.cpp ... [LIBRARIES lib ...])
#
# Builds the plugin NAME (the same name stands in FLOWRUN_PLUGIN) as NAME.so with its sidecar NAME.plugin.json, which
# says what is in it. A fault in a description, such as a default outside its range, fails the build here.
# Where it is put: the folder FLOWRUN_PLUGIN_OUTPUT, by default <build>/plugins.
function(flowrun_add_plugin name)
  cmake_parse_arguments(arg "" "" "SOURCES;LIBRARIES" ${ARGN})
  if(arg_UNPARSED_ARGUMENTS OR NOT arg_SOURCES)
    message(FATAL_ERROR "flowrun_add_plugin(${name} SOURCES a.cpp ... [LIBRARIES lib ...]): got '${ARGN}'")
  endif()
  if(NOT FLOWRUN_PLUGIN_OUTPUT)
    set(FLOWRUN_PLUGIN_OUTPUT ${CMAKE_BINARY_DIR}/plugins)
  endif()
  set(target flowrun_plugin_${name})
  add_library(${target} MODULE ${arg_SOURCES})
  target_link_libraries(${target} PRIVATE flowrun::sdk ${arg_LIBRARIES})
  set_target_properties(${target} PROPERTIES PREFIX "" OUTPUT_NAME ${name} CXX_VISIBILITY_PRESET hidden
    VISIBILITY_INLINES_HIDDEN ON POSITION_INDEPENDENT_CODE ON
    LIBRARY_OUTPUT_DIRECTORY ${FLOWRUN_PLUGIN_OUTPUT})
  # The compiler's flags hide the author's names, not instantiations of the standard library's templates.
  set(map ${CMAKE_CURRENT_FUNCTION_LIST_DIR}/plugin.map)
  target_link_options(${target} PRIVATE -Wl,--version-script=${map})
  set_target_properties(${target} PROPERTIES LINK_DEPENDS ${map})
  # The build-id ties the sidecar to this very library. A symbol nobody has fails the link, not a run.
  target_link_options(${target} PRIVATE -Wl,--build-id)
  if(NOT FLOWRUN_SANITIZE)
    target_link_options(${target} PRIVATE -Wl,-z,defs)
  endif()
  if(FLOWRUN_SANITIZE MATCHES address)
    set(launcher ${CMAKE_COMMAND} -E env ASAN_OPTIONS=detect_leaks=0)  # its tracer fails beside opened libraries
  endif()
  add_custom_command(TARGET ${target} POST_BUILD
    COMMAND ${launcher} $<TARGET_FILE:flowrun::describe> $<TARGET_FILE:${target}>
    COMMENT "Describing plugin ${name}" VERBATIM)
  if(TARGET flowrun_describe)
    add_dependencies(${target} flowrun_describe)
  endif()
  set(FLOWRUN_PLUGIN_TARGETS ${FLOWRUN_PLUGIN_TARGETS} ${target} PARENT_SCOPE)
endfunction()
