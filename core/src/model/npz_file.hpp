// Arrays out of a .npz, as numpy.savez writes them.
#pragma once
#include <filesystem>
#include <map>
#include <string>

#include <flowrun/tensor.hpp>

namespace flowrun::core {

// By name. float64 becomes float32. Throws std::runtime_error with one sentence that names the file.
std::map<std::string, tensor> read_npz(const std::filesystem::path& file);

// Of one .npy: `what` stands for it in messages.
tensor read_npy(const std::string& bytes, const std::string& what);

}  // namespace flowrun::core
