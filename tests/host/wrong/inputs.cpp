// expect: flowrun: run() takes a different number of inputs than the {in} list names
#include <flowrun/lambda_stage.hpp>

const auto stage = flowrun::make_stage("sum", [](int a, int b) { return a + b; }, {"a"}, {"sum"});
