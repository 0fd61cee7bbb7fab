// One line of an export as JSON.
#pragma once
#include <string>

#include "exported_items.hpp"

namespace flowrun::core {

// Of the current item. sorted: the keys of all objects. Throws store_error.
std::string write_item_record(exported_items& items, bool sorted);
// {"source", "stream", "values"}, after next_stream().
std::string write_stream_record(exported_items& items, bool sorted);
// {"run": {label: value}}, after find_run_answers(); empty: no gather has answered for the whole run.
std::string write_run_record(exported_items& items, bool sorted);

}  // namespace flowrun::core
