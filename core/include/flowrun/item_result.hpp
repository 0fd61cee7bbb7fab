// What became of one item of a live run, with the values of the stages whose outputs no other stage reads.
#pragma once
#include <cstdint>
#include <flowrun/packet.hpp>
#include <flowrun/port_type.hpp>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "api.hpp"

namespace flowrun {

namespace core {
struct result_layout;
class live_session;
}  // namespace core

enum class result_status : std::uint8_t {
  done,      // at least one value; nothing failed
  skipped,   // no value: stages answered with a skip
  failed,    // a stage threw
  cancelled  // the run ended before the item did
};
FLOWRUN_API const char* to_text(result_status s);

// A value of its own: it may outlive the run and the engine, be copied (values are shared) and be read by any number of
// threads at once. The memory of its values is its holder's: run.ram does not count it.
class FLOWRUN_API item_result {
 public:
  std::string key;        // as it was pushed
  std::string input;      // the source stage it came in by
  std::string stream;     // of a medium with many frames: its path
  std::uint64_t seq = 0;  // which one of its input, or frame of its stream, from 0; 0 where it was never read
  result_status status = result_status::cancelled;
  std::string stage, reason;  // whose answer made it skipped or failed, and why; "" otherwise

  // The value of a stage with one output ("light"), or of an output ("faces.boxes"). Null where this item has none:
  // why() tells the reason. Throws std::logic_error if results hold no such value, or its type is not T.
  template <class T> const T* get(std::string_view value) const {
    return static_cast<const T*>(find(value, type_of<T>()).get());
  }
  // The same, for keeping it after the result is gone.
  template <class T> std::shared_ptr<const T> share(std::string_view value) const {
    return std::static_pointer_cast<const T>(find(value, type_of<T>()));
  }
  // As JSON, through the fields of its type: for a host without the plugin's header. "null" where there is none. Throws
  // std::logic_error if results hold no such value, or its type has no fields.
  std::string json(std::string_view value) const;
  // Why this item has no such value: "faces: too small"; "" where it has one. Throws as json() for an unknown name.
  std::string why(std::string_view value) const;
  // Every name get() knows, as "stage.output".
  std::vector<std::string> names() const;

 private:
  friend class core::live_session;
  std::shared_ptr<const void> find(std::string_view value, const type_info& wanted) const;

  std::shared_ptr<const core::result_layout> layout_;
  std::vector<payload> values_;       // as the layout has them
  std::vector<std::string> missing_;  // why a value is missing; empty if none is
};

}  // namespace flowrun
