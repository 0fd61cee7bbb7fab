// A graph that may run: every name resolved, every value bound and in range. Plain data; knows no library, no thread.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <flowrun/model_file.hpp>

#include "../plugin/manifest.hpp"

namespace flowrun::core {

struct port_index {
  int stage = -1;  // into checked_graph::stages
  int port = -1;   // into that stage's outputs
  friend bool operator==(port_index a, port_index b) { return a.stage == b.stage && a.port == b.port; }
};

enum class on_error { keep_going, stop };

// What a model stage asks for; which device there is and what fits is settled when the run starts.
struct model_settings {
  std::vector<model_file> files;   // one per manifest model
  int batch = 0;                   // rows; 0: the stage's default
  int lanes = 0;                   // calls at once; 0: the runtime's default
  std::string precision = "auto";  // fp32, fp16, bf16, auto
  std::string device;              // empty: the run's
  bool pin = true;                 // page-locked buffers, where there are any
  std::uint64_t vram = 0;          // bytes this stage's slots may take, 0: no cap of its own
};

struct checked_stage {
  std::string name;
  stage_manifest manifest;  // a copy: outlives the catalog
  std::vector<std::vector<port_index>>
      inputs;                       // one per manifest input; empty: an optional one, unwired; several: a union
  std::vector<param_value> params;  // one per manifest param, defaults filled in
  std::vector<bool> kept;           // one per output
  std::vector<int> sources;         // stages that are sources and reach this one, ascending; a source: itself
  int parallel = 0;                 // 0: the runtime's default
  int retries = 0;
  bool cache = false;           // answers to the same input are taken from an earlier call, of any run
  std::uint64_t every = 1;      // works on every n-th item of a stream only
  std::uint64_t max_items = 0;  // of a source: no more than these; 0: all
  on_error error_rule = on_error::keep_going;
  bool keep_order = false;  // `order: keep`: a sink in item order
  model_settings model;     // of a model stage
  bool is_leaf = false;     // no stage reads any of its outputs
};

struct run_settings {
  std::string out = "runs/last";
  int in_flight = 0;      // 0: the runtime's default
  std::uint64_t ram = 0;  // bytes, 0: the runtime's default
  int threads = 0;        // 0: the cores the process may use
  on_error error_rule = on_error::keep_going;
  double max_error_rate = 1.0;                        // share of finished items, 0..1
  std::uint64_t max_items = 0;                        // of all sources together; 0: all
  std::uint64_t cache_size = std::uint64_t{8} << 30;  // bytes, of all cached answers on this machine
  bool store = true;                                  // false: `store: none`
  std::string device;                                 // empty: what --device says, else cpu
  std::uint64_t vram = 0;                             // bytes, a cap on the device's memory; 0: none
};

struct export_setting {
  std::string format;  // "jsonl"
  std::string path;    // relative to the run directory
};

struct checked_graph {
  std::string file;
  std::vector<checked_stage> stages;  // every stage stands after those it reads from
  run_settings run;
  std::vector<export_setting> exports;
  std::string resolved_yaml;  // the graph with every param and override filled in; reads back as the same graph
};

}  // namespace flowrun::core
