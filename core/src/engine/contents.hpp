// What the files hold that stages are told to read: part of their fingerprints.
#pragma once
#include <string>
#include <vector>

#include "../graph/checked_graph.hpp"

namespace flowrun::core {

// Adds to each stage's identity a digest of the file or folder that each of its .content() params names: of the names
// below it and the bytes. What is not there, or cannot be read, is so for the digest too: the stage itself refuses it.
void add_contents(const checked_graph& graph, std::vector<std::string>& identities);

}  // namespace flowrun::core
