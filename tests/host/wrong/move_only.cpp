// expect: flowrun: a mutable lambda is copied for each stream, so what it captures must be copyable
#include <flowrun/lambda_stage.hpp>

const auto stage =
    flowrun::make_stage("count", [at = std::make_unique<int>(0)](int n) mutable { return n + (*at)++; }, {"n"}, {"n"});
