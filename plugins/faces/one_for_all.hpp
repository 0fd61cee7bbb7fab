// Whether one identity has taken nearly everybody.
#pragma once
#include <string>

#include "identities.hpp"

namespace faces {

// Of 100 faces or more that are somebody's, at least 99 % one's: a sentence that says so and what to try. Else empty.
std::string find_one_for_all(const std::vector<membership>&);

}  // namespace faces
