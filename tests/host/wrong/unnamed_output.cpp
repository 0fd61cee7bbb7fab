// expect: flowrun: run() returns a value, so its output needs a name: d.run(&T::run, {"in"}, {"out"})
#include <flowrun/lambda_stage.hpp>

const auto stage = flowrun::make_stage("twice", [](int n) { return 2 * n; }, {"n"});
