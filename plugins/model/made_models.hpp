// For tests: small model files, networks and pictures made in memory.
#pragma once
#include <flowrun/testing.hpp>
#include <string>
#include <vector>

namespace model_stages::test {

// One input `image` [3, 2, 2] of float32, which takes the pixels as they are, red first.
flowrun::model_file made_model(const std::string& task, std::vector<flowrun::model_port> outputs);
flowrun::model_port floats(const std::string& name, std::int64_t values);

// Each output of a row is the row's own values, one after the other, again from the first where there are too few.
std::vector<flowrun::tensor> echo(const flowrun::model_file& model, std::span<const flowrun::tensor> in);

// Of one colour.
flowrun::image made_picture(int width, int height, int red, int green, int blue);

}  // namespace model_stages::test
