// What of a model decides its answers, as one short text for fingerprints.
#pragma once
#include <string>

#include <flowrun/model_file.hpp>

namespace flowrun::core {

// Of the network's file, how it is called, how images become its rows, its constants and its labels; not of names,
// licences or needs.
std::string identify_model(const model_file& model, const model_variant& variant, const std::string& file_sha256,
                           const std::string& precision);

}  // namespace flowrun::core
