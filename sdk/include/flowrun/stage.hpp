// A stage without its C++ type: what a plugin hands to the runtime. Authors write a `description` instead.
#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "item_info.hpp"
#include "lane.hpp"
#include "model_calls.hpp"
#include "packet.hpp"
#include "port_type.hpp"
#include "rows.hpp"
#include "table.hpp"

namespace flowrun {

enum class stage_shape : std::uint8_t { source, transform, gather, sink, model, window, device };

// What a serial stage's one object spans: a stream (in turn order), or the whole run (in admission order).
enum class scope : std::uint8_t { stream, run };

// The bytes of a pointer to member; only the function generated beside it knows its type.
struct member {
  alignas(16) unsigned char raw[16] = {};
};

enum class param_type : std::uint8_t { boolean, integer, number, text, texts, numbers };
// Alternatives stand in the order of param_type.
using param_value =
    std::variant<bool, std::int64_t, double, std::string, std::vector<std::string>, std::vector<double>>;

struct param_info {
  std::string name, doc, unit;
  param_type type = param_type::text;
  std::optional<double> low, high;   // inclusive; also the limits of the member's own C++ type
  std::vector<std::string> choices;  // of a text
  bool required = false;
  bool listing = false;  // of a source: decides which items there are, not what they hold
  bool spacing = false;  // of a source: decides which item follows which in a sequence
  bool content = false;  // of a path: what the file or folder holds decides the answers, not what it is called
  param_value default_value;
  member at;
  void (*set)(const member& at, void* self, const param_value& value) = nullptr;  // value is of `type` and in range
};

struct input_info {
  std::string name;
  const type_info* type = nullptr;
  bool optional = false;  // `const In*`: null where the input is unwired or has no value
};

struct output_info {
  std::string name;
  const type_info* type = nullptr;
  bool per_row = false;  // of a gather: `rows<Out>`
};

struct call_frame {
  const void* const* in = nullptr;  // one per input, null for an optional one without a value
  payload* out = nullptr;           // one per output
  std::string* reason = nullptr;    // of a skip or an error
  const item_info* item = nullptr;
  bool stop_run = false;    // the error concerns the run, not this packet
  lane* on_lane = nullptr;  // of a device stage
};

struct gather_frame {
  const table_data* const* in = nullptr;
  // One list per output: a single payload, or one per row where empty ones are skips.
  std::vector<std::vector<payload>>* out = nullptr;
  std::string* reason = nullptr;
  bool stop_run = false;  // the error concerns the run
  // What the gather gave the last time: one per row of the first table (null: none), or a single one; null: nothing.
  const std::vector<std::shared_ptr<const void>>* earlier = nullptr;
};

// A network the stage runs.
struct model_info {
  std::string name;     // "net"; the stage key `model` chooses another file for it
  std::string file;     // the default model file's name
  std::string task;     // what a model file must be for; empty: any
  int batch = 0;        // rows in one call, the author's default; 0: the runtime's, of a device stage 1
  bool images = false;  // each row is an image: only files with one input, which holds an image, fit
  bool shapes = false;  // of a model stage: it says how large each row is, so sides with ranges fit
};

// Where a model stage's prepare() gets its rows from.
class row_taker {
 public:
  virtual ~row_taker() = default;
  virtual void begin(std::size_t rows) = 0;  // once, before the first row
  // Rows in order; never waits. Throws std::invalid_argument where the model does not take the shapes.
  virtual row take(std::size_t i, const row_shapes& shapes) = 0;
};

struct prepare_frame {
  const void* const* in = nullptr;
  const item_info* item = nullptr;
  row_taker* rows = nullptr;
  std::shared_ptr<void>* notes = nullptr;  // filled: what finish() gets back
  std::string* reason = nullptr;
  bool stop_run = false;
};

struct finish_frame {
  const void* const* in = nullptr;
  payload* out = nullptr;
  const item_info* item = nullptr;
  const result_rows* rows = nullptr;
  void* notes = nullptr;
  std::string* reason = nullptr;
  bool stop_run = false;
};

struct stage_info {
  std::string name, doc;
  int version = 1;
  stage_shape shape = stage_shape::transform;
  bool serial = false;  // run() is not const: one call at a time, in order
  scope span = scope::stream;
  bool temporal = false;       // has no meaning on a set of stills
  int parallel = 0;            // the author's limit of concurrent calls, 0: the runtime's default
  bool wants_item = false;     // its function takes a `const item_info&`: the answer may depend on which item it is
  bool wants_earlier = false;  // of a gather: it takes a `const earlier<Out>&`
  std::vector<input_info> inputs;
  std::vector<output_info> outputs;
  std::vector<param_info> params;

  void* (*create)() = nullptr;
  void (*destroy)(void* self) = nullptr;
  void (*open)(void* self, const stage_context& context) = nullptr;  // optional; may throw
  void (*close)(void* self) = nullptr;                               // optional; after the last call; may throw

  member function;  // run, or a source's load
  std::vector<member> output_members;
  // Never throws. For a source's load, in[0] is the item_ref; for a window, in[0] is the previous value.
  status (*call)(const stage_info& stage, void* self, call_frame& frame) = nullptr;
  status (*call_gather)(const stage_info& stage, void* self, gather_frame& frame) = nullptr;

  std::vector<model_info> models;  // of a model stage or a device stage

  // Of a model stage; `function` is its finish().
  member prepare;
  status (*call_prepare)(const stage_info& stage, void* self, prepare_frame& frame) = nullptr;
  status (*call_finish)(const stage_info& stage, void* self, finish_frame& frame) = nullptr;
  member start;
  // Optional: once for each object, after open() and before anything is read; may throw.
  void (*call_start)(const stage_info& stage, void* self, const model_calls& calls) = nullptr;

  member next;                                                                            // of a source
  std::shared_ptr<item_ref> (*call_next)(const stage_info& stage, void* self) = nullptr;  // null at the end; may throw
  std::uint64_t (*total)(void* self) = nullptr;  // optional: how many items next() will give, known after open()

  // Of a source that has sequences: a reader for each, frame by frame. The first two may throw.
  member read;
  std::shared_ptr<void> (*open_sequence)(const stage_info& stage, const void* self, const item_ref& medium) = nullptr;
  bool (*next_frame)(void* reader, item_ref& frame) = nullptr;      // false at the end
  status (*load_frame)(void* reader, call_frame& frame) = nullptr;  // of the frame next_frame() went to
};

// Changes whenever one of the structs above changes its size: a library built before must not be called.
inline constexpr std::uint64_t layout_number = [] {
  std::uint64_t number = 0;
  for (std::size_t size :
       {sizeof(stage_info), sizeof(call_frame), sizeof(gather_frame), sizeof(prepare_frame), sizeof(finish_frame),
        sizeof(param_info), sizeof(model_info), sizeof(type_info), sizeof(item_info), sizeof(stage_context),
        sizeof(item_ref), sizeof(payload), sizeof(tensor), sizeof(model_file), sizeof(model_variant), sizeof(row),
        sizeof(placement), sizeof(result_rows)})
    number = (number ^ size) * 0x100000001b3;
  return number;
}();

}  // namespace flowrun
