# What `flowrun models fetch` and `compile` run, in share/flowrun/models: where the tool looks for it, beside the folder
# it is in. Also without LibTorch: fetching and compiling come before it.
set(model_tools ${CMAKE_CURRENT_SOURCE_DIR}/models)
set(torch_tools ${CMAKE_CURRENT_SOURCE_DIR}/tools)
file(GLOB_RECURSE files RELATIVE ${model_tools} CONFIGURE_DEPENDS ${model_tools}/*)
list(FILTER files EXCLUDE REGEX __pycache__)
foreach(file IN LISTS files)
  configure_file(${model_tools}/${file} ${PROJECT_BINARY_DIR}/share/flowrun/models/${file} COPYONLY)
endforeach()
foreach(file python_env.sh torch_wheels.txt)
  configure_file(${torch_tools}/${file} ${PROJECT_BINARY_DIR}/share/flowrun/models/${file} COPYONLY)
  install(FILES ${torch_tools}/${file} DESTINATION share/flowrun/models COMPONENT core)
endforeach()
install(DIRECTORY ${model_tools}/ DESTINATION share/flowrun/models COMPONENT core PATTERN __pycache__ EXCLUDE)
