// The numbers of a tensor of any type, for comparing.
#pragma once
#include <vector>

#include <flowrun/tensor.hpp>

namespace flowrun::core {

std::vector<double> number_values(const tensor& t);

}  // namespace flowrun::core
