// expect: flowrun: make_stage() takes an object with one operator(), such as a lambda without `auto` among its
// arguments: the types of its ports must be known
#include <flowrun/lambda_stage.hpp>

const auto stage = flowrun::make_stage("twice", [](auto n) { return 2 * n; }, {"n"}, {"n"});
