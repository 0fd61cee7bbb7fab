// For the tests of a stage, whatever test framework they use: the stage is called as the runtime calls it.
//
//   flowrun::testing::stage<threshold> s;
//   s.set("level", 100);                                        // throws what a graph file would be told
//   const auto answer = s.run(picture);                         // inputs in order; nullptr: an optional one is unwired
//   answer.get<flowrun::image>("mask"), answer.answered, answer.reason
//   flowrun::testing::check_parallel(s, std::vector{picture, other});  // "" when run() const keeps its promise
//
// A model stage is called with the model file as data and a network that the test gives:
//
//   flowrun::testing::model<classify> m(file, [](std::span<const float> row) { return std::vector<float>{...}; });
//   m(picture).get<label>();                                    // rows, prepare, the network, finish
//   flowrun::testing::check_parallel(m, std::vector{picture, other});
//
// A device stage is called with a network for each of its models:
//
//   flowrun::testing::device<segment> d;
//   d.network("encoder", file, encode).network("decoder", other_file, decode);
//   d.run(picture).get<flowrun::tensor>();
//
// Misuse by the test itself (a wrong type, an unknown name) is std::invalid_argument. What the stage's open(), next()
// and close() throw comes through.
#pragma once
#include "plugin.hpp"
#include "testing/check_parallel.hpp"
#include "testing/device.hpp"
#include "testing/model.hpp"
#include "testing/stage.hpp"
