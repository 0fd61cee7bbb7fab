# What `flowrun models fetch` and `compile` run, in share/flowrun/models: where the tool looks for it, beside the folder
# it is in. Also without LibTorch: fetching and compiling come before it.
# The recipes of all plugins come there, one folder NAME each, out of their own folders `models`.
set(torch_tools ${CMAKE_CURRENT_SOURCE_DIR}/tools)
file(GLOB folders CONFIGURE_DEPENDS LIST_DIRECTORIES true ${PROJECT_SOURCE_DIR}/plugins/*/models)
foreach(folder IN LISTS folders)
  file(GLOB_RECURSE files RELATIVE ${folder} CONFIGURE_DEPENDS ${folder}/*)
  list(FILTER files EXCLUDE REGEX __pycache__)
  foreach(file IN LISTS files)
    configure_file(${folder}/${file} ${PROJECT_BINARY_DIR}/share/flowrun/models/${file} COPYONLY)
  endforeach()
  install(DIRECTORY ${folder}/ DESTINATION share/flowrun/models COMPONENT core PATTERN __pycache__ EXCLUDE)
endforeach()
foreach(file python_env.sh torch_wheels.txt)
  configure_file(${torch_tools}/${file} ${PROJECT_BINARY_DIR}/share/flowrun/models/${file} COPYONLY)
  install(FILES ${torch_tools}/${file} DESTINATION share/flowrun/models COMPONENT core)
endforeach()
