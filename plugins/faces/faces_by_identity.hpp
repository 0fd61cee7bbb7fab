// Two tables joined: whose face is seen in which little picture.
#pragma once
#include <flowrun/table.hpp>
#include <map>
#include <vector>

#include "crops.hpp"
#include "identities.hpp"
#include "sheet_picture.hpp"

namespace faces {

// Of each identity (nobody's faces too) the faces, the most probable first; of equal ones in item order. A face of an
// item without crops has no picture. Valid as long as the tables. Throws std::runtime_error where an item has another
// number of crops than faces, where no item with faces has crops, and where a key is there twice.
std::map<std::int32_t, std::vector<sheet_face>> faces_by_identity(const flowrun::table<identities>& found,
                                                                  const flowrun::table<crops>& pictures);

}  // namespace faces
