// Which cluster is which identity.
#pragma once
#include <cstdint>
#include <vector>

namespace faces {

// Of every label its identity. `labels`: of every face, -1: in no cluster; `were`: of every face its earlier identity,
// -1: none. The pair of a cluster and an earlier identity that share most faces is matched first, then the next among
// those left (of equal pairs that of the smaller identity, then that whose cluster has the earlier first face).
// Clusters that are left get new identities from `next` up, which is raised: the largest first, of equal ones that with
// the earlier first face.
std::vector<std::int32_t> choose_ids(const std::vector<std::int32_t>& labels, const std::vector<std::int32_t>& were,
                                     std::int32_t& next);

}  // namespace faces
