// The TorchScript of the networks the tests run, by name. Each takes pictures [n, 3, 16, 16], values 0..255.
#pragma once
#include <string>
#include <vector>

struct named_code {
  std::string name, code;
};

// They may use the weights `weights` [8, 3, 3, 3] and `square` [1024, 1024].
std::vector<named_code> network_codes();
