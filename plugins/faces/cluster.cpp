#include "cluster.hpp"

#include <algorithm>
#include <stdexcept>

#include "assign_faces.hpp"
#include "hdbscan/apart.hpp"
#include "hdbscan/hdbscan.hpp"
#include "one_for_all.hpp"
#include "stable_ids.hpp"

namespace faces {

void cluster::describe(flowrun::description<cluster>& d) {
  d.doc(
      "Finds out which faces of a whole run are one person's, by exact HDBSCAN* over their vectors.\n\n"
      "Nobody says how many people there are. An identity is a number from 0 up: in a new run directory the person "
      "with most faces has 0. Faces that lie near too few others are nobody's, -1. `flowrun gather RUN STAGE --set "
      "min_cluster_size=8` does it again with other params, without looking at a picture.\n\n"
      "Clusters are what differs from the rest: where all faces are one person's, or each person has fewer than "
      "`min_cluster_size`, nobody is found.\n\n"
      "```yaml\n"
      "flowrun: 1\n"
      "stages:\n"
      "  media: {use: media.files, params: {path: photos}}\n"
      "  found: {use: faces.detect, in: media.image}\n"
      "  vectors: {use: faces.embed, in: {image: media.image, faces: found.faces}}\n"
      "  who: {use: faces.cluster, in: vectors}\n"
      "keep: [who]\n"
      "```\n\n"
      "- **apart**: two faces of one picture are two people, so a cluster gives way to the two it splits into where "
      "both of these hold a face of one picture, of faces of one picture that are still together only the most "
      "probable stays, and a cluster that is left with fewer than `min_cluster_size` faces is none.\n"
      "- **stable**: the cluster and the identity of the last time that share most faces are taken for the same "
      "person, then the next pair among those left, and clusters that are left over get numbers that were never "
      "given before in this run directory, as long as one picture of the last time is still there as it was.\n"
      "- **assign**: nothing is clustered; faces keep their identity, and one that has none gets that of the nearest "
      "face that has one, if that is nearer than `within`.\n\n"
      "`apart=false` and `stable=false` give exactly what HDBSCAN* does, numbered by size. With `assign`, `apart` "
      "means that no identity is given to two faces of a picture; the probability falls from 1 at distance 0 to 0 at "
      "`within`, and the outlier score is what is missing to 1.\n\n"
      "What `stable` and `assign` give depends on what the run directory held before: on the order in which pictures "
      "were added, and on earlier params. `--fresh` forgets it. A face is known again by its picture and its place "
      "among the picture's faces; where another number of faces was found in a picture, or the picture changed, its "
      "faces are new ones. Faces that are left out by `min_quality`, here or where they were embedded, are nobody's, "
      "with both scores 0.\n\n"
      "Vectors that hold nan or are of two lengths, and vectors of zeros under `norm=unit`, are a failed gather. If "
      "one identity gets 99 % of 100 or more faces, log.txt has a warning.");
  d.param("min_cluster_size", &cluster::min_cluster_size, "fewest faces of a person").range(2, 1'000'000).unit("faces");
  d.param("min_samples", &cluster::min_samples,
          "how many faces near it make a face no outlier: more make more faces nobody's; 0: min_cluster_size")
      .range(0, 1'000'000)
      .unit("faces");
  d.param("method", &cluster::method,
          "which clusters of HDBSCAN's tree are told: those that last longest, or the smallest (leaf), which are more "
          "and purer")
      .one_of({"excess_of_mass", "leaf"});
  d.param("epsilon", &cluster::epsilon, "clusters that are nearer than this distance are not split; 0: as they come")
      .range(0, 1e6);
  d.param("norm", &cluster::norm,
          "unit: each vector is divided by its length first, so that only the angle between two counts (cosine); none: "
          "Euclidean distance of the vectors as they are")
      .one_of({"none", "unit"});
  d.param("apart", &cluster::apart, "two faces of one picture are two people");
  d.param("stable", &cluster::stable, "people keep their number from one run to the next");
  d.param("assign", &cluster::assign, "only give new faces to known people");
  d.param("within", &cluster::within,
          "with assign: the distance below which a face is a known person's. dlib's vectors of one person are mostly "
          "less than 0.6 apart")
      .range(0, 1e6);
  d.param("min_quality", &cluster::min_quality, "faces below it take no part").range(0, 1);
  d.gather(&cluster::run, {"faces"}, {"identities"});
}

std::vector<membership> cluster::find_clusters(const face_matrix& all, known_faces& known) const {
  hdbscan::settings settings;
  settings.min_cluster_size = static_cast<std::size_t>(min_cluster_size);
  settings.min_samples = static_cast<std::size_t>(min_samples);
  settings.method = method == "leaf" ? hdbscan::selection::leaf : hdbscan::selection::excess_of_mass;
  settings.epsilon = epsilon;
  hdbscan::clustering found = hdbscan::cluster(all.points(), settings);
  if (apart) {
    std::vector<std::uint32_t> pictures;
    for (const face_place& at : all.places) pictures.push_back(at.item);
    hdbscan::labelling parted = hdbscan::label_apart(
        found.condensed, hdbscan::select_clusters(found.condensed, settings.method, settings.epsilon), pictures,
        settings.min_cluster_size);
    found.labels = std::move(parted.labels);
    found.probabilities = std::move(parted.probabilities);
  }
  std::vector<std::int32_t> were;
  for (const membership& m : known.were) were.push_back(m.identity);
  std::int32_t next = stable ? known.next : 0;
  const std::vector<std::int32_t> ids = choose_ids(found.labels, were, next);
  known.next = std::max(known.next, next);  // a number that was given once is not given again
  std::vector<membership> is(all.size());
  for (std::size_t row = 0; row < all.size(); ++row)
    is[row] = {found.labels[row] < 0 ? nobody : ids[static_cast<std::size_t>(found.labels[row])],
               static_cast<float>(found.probabilities[row]), static_cast<float>(found.outlier_scores[row])};
  return is;
}

std::vector<membership> cluster::assign_known(const face_matrix& all, const known_faces& known) const {
  const auto is_somebody = [](const membership& m) { return m.identity != nobody; };
  if (all.size() > 0 && std::none_of(known.were.begin(), known.were.end(), is_somebody))
    throw std::runtime_error(
        "assign gives new faces to known people, but of no face it is known whose it is; cluster them once with "
        "assign=false");
  return assign_faces(all, known.were, within, apart);
}

flowrun::rows<identities> cluster::run(const flowrun::table<face_vectors>& faces,
                                       const flowrun::earlier<identities>& before) const {
  const face_matrix all = collect_faces(faces, min_quality, norm == "unit");
  known_faces known = recall_faces(all, faces, before);
  if (!stable && !assign) known.were.assign(all.size(), {});
  const std::vector<membership> is = assign ? assign_known(all, known) : find_clusters(all, known);
  if (const std::string fault = find_one_for_all(is); !fault.empty()) log_(flowrun::log_level::warning, fault);
  flowrun::rows<identities> answer;
  for (std::size_t item = 0; item < faces.size(); ++item)
    answer.values.push_back(identities{std::vector<membership>(faces[item].list.size()), known.next});
  for (std::size_t row = 0; row < all.size(); ++row)
    answer.values[all.places[row].item]->list[all.places[row].face] = is[row];
  return answer;
}

}  // namespace faces
