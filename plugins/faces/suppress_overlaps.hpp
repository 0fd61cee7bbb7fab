// Of faces that were found several times, the likeliest.
#pragma once
#include <vector>

#include "faces.hpp"

namespace faces {

// Shared area through joined area, 0..1.
double overlap(const face& a, const face& b);

// Sorts by score, the highest first (equal ones stay in order), and keeps those that overlap no face before them by
// more than `most`; `count` of them at most.
void suppress_overlaps(std::vector<face>& list, double most, std::size_t count);

}  // namespace faces
