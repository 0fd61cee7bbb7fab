// faces.cluster: which faces of a run are one person's.
#pragma once
#include <flowrun/plugin.hpp>

#include "face_matrix.hpp"
#include "identities.hpp"
#include "known_faces.hpp"

namespace faces {

struct cluster {
  static constexpr auto name = "cluster";
  int min_cluster_size = 5, min_samples = 0;
  std::string method = "excess_of_mass";
  double epsilon = 0;
  std::string norm = "none";
  bool apart = true, stable = true, assign = false;
  double within = 0.5, min_quality = 0;

  static void describe(flowrun::description<cluster>& d);
  void open(const flowrun::stage_context& context) { log_ = context.log; }
  flowrun::rows<identities> run(const flowrun::table<face_vectors>& faces,
                                const flowrun::earlier<identities>& before) const;

 private:
  std::vector<membership> find_clusters(const face_matrix& all, known_faces& known) const;
  std::vector<membership> assign_known(const face_matrix& all, const known_faces& known) const;

  std::function<void(flowrun::log_level, std::string_view)> log_;
};

}  // namespace faces
