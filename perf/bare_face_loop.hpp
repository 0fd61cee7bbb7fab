// One plain loop from pictures to the vectors of their faces: the code of plugins/faces, called without a runtime.
#pragma once
#include <deque>
#include <flowrun/model_calls.hpp>

#include "bare_pictures.hpp"
#include "bare_rows.hpp"
#include "detect.hpp"
#include "embed.hpp"
#include "part_clock.hpp"

namespace bare {

// CPU seconds of this loop's thread.
struct face_parts {
  double decode = 0, put = 0, find = 0, choose = 0, align = 0, embed = 0, keep = 0;

  void add(const face_parts& more) {
    decode += more.decode;
    put += more.put;
    find += more.find;
    choose += more.choose;
    align += more.align;
    embed += more.embed;
    keep += more.keep;
  }
};

// What is left of a picture.
struct found_faces {
  std::string file;
  std::uint64_t index = 0;
  faces::face_list faces;
  faces::face_vectors vectors;
};

class opened_calls final : public flowrun::model_calls {
 public:
  opened_calls(const flowrun::model_file& model, std::size_t batch) : model_(model), batch_(batch) {}
  const flowrun::model_file& model() const override { return model_; }
  std::size_t batch() const override { return batch_; }
  std::vector<flowrun::tensor> run(std::size_t, const prepare_function&) const override {
    throw std::logic_error("no stage here calls its network before the first item");
  }

 private:
  const flowrun::model_file& model_;
  const std::size_t batch_;
};

class face_loop {
 public:
  face_loop(network& detector, network& embedder, std::size_t detect_rows, std::size_t embed_rows)
      : detector_(detector), embedder_(embedder), find_rows_(detector, detect_rows), embed_rows_(embedder, embed_rows) {
    detect_.start(opened_calls(detector.model, detect_rows));
    embed_.start(opened_calls(embedder.model, embed_rows));
  }

  void run(pictures& all) {
    picture next;
    while (read(all, next)) {
      put(std::move(next));
      if (find_rows_.full()) find();
    }
    if (!find_rows_.empty()) find();
    if (!embed_rows_.empty()) call_embedder();
  }

  face_parts parts;
  std::vector<found_faces> found;
  std::string error;

 private:
  // A picture on its way; answers are written to `row` and `rows`, which therefore stay where they are.
  struct item {
    picture of;
    std::vector<flowrun::placement> places;
    std::vector<flowrun::result_row> row = std::vector<flowrun::result_row>(1), rows;
    faces::face_list faces;
    std::vector<faces::face_quality> qualities;

    bool answered() const { return rows.empty() || rows.back().outputs; }  // they are answered in their order
  };

  bool read(pictures& all, picture& to) {
    part_clock clock(parts.decode);
    return all.next(to);
  }

  void put(picture of) {
    part_clock clock(parts.put);
    items_.emplace_back();
    item& i = items_.back();
    i.of = std::move(of);
    flowrun::row row = find_rows_.add(i.row[0]);
    i.places.push_back(detect_.prepare(i.of.pixels, 0, row));
  }

  void find() {
    {
      part_clock clock(parts.find);
      find_rows_.call();
    }
    for (; chosen_ < items_.size(); ++chosen_) {
      item& i = items_[chosen_];
      choose(i);
      i.rows.resize(i.faces.list.size());
      for (std::size_t k = 0; k < i.rows.size(); ++k) {
        align(i, k);
        if (embed_rows_.full()) call_embedder();
      }
    }
    keep();
  }

  void choose(item& i) {
    part_clock clock(parts.choose);
    i.faces = std::get<0>(detect_.finish(i.of.pixels, i.places, flowrun::result_rows(detector_.model, i.row)));
  }

  void align(item& i, std::size_t face) {
    part_clock clock(parts.align);
    flowrun::row row = embed_rows_.add(i.rows[face]);
    i.qualities.push_back(embed_.prepare(i.of.pixels, i.faces, face, row));
  }

  void call_embedder() {
    {
      part_clock clock(parts.embed);
      embed_rows_.call();
    }
    keep();
  }

  void keep() {
    part_clock clock(parts.keep);
    for (; chosen_ > 0 && items_.front().answered(); items_.pop_front(), --chosen_) {
      item& i = items_.front();
      found.push_back({i.of.file, i.of.index, std::move(i.faces), {}});
      found.back().vectors =
          embed_.finish(i.of.pixels, found.back().faces, i.qualities, flowrun::result_rows(embedder_.model, i.rows));
    }
  }

  network& detector_;
  network& embedder_;
  faces::detect detect_;
  faces::embed embed_;
  waiting_rows find_rows_, embed_rows_;
  std::deque<item> items_;
  std::size_t chosen_ = 0;  // of them, whose faces are known
};

}  // namespace bare
