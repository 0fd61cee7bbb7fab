// expect: flowrun: run() takes its inputs as const In& (or const In* for an optional one); other stages read the same
// value
#include <flowrun/lambda_stage.hpp>

const auto stage = flowrun::make_stage("change", [](int& n) { return ++n; }, {"n"}, {"n"});
