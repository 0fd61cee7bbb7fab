// Inputs and outputs of gather stages: all kept values of one port, in item order.
#pragma once
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace flowrun {

struct table_data {
  std::vector<std::string> keys;
  std::vector<std::shared_ptr<const void>> values;
};

template <class T> class table {
 public:
  explicit table(const table_data& data) : data_(&data) {}
  std::size_t size() const { return data_->values.size(); }
  bool empty() const { return data_->values.empty(); }
  const T& operator[](std::size_t i) const { return *static_cast<const T*>(data_->values[i].get()); }
  const std::string& key(std::size_t i) const { return data_->keys[i]; }

 private:
  const table_data* data_;
};

// What a gather gave the last time it ran in this run directory, whatever its params were.
template <class T> class earlier {
 public:
  // `values`: one per row of the first table, or a single one; null: it gave nothing.
  explicit earlier(const std::vector<std::shared_ptr<const void>>* values) : values_(values) {}
  // Of a gather that gives rows<T>: what the item of row i of the first table had; null: nothing.
  const T* operator[](std::size_t i) const {
    return values_ && i < values_->size() ? static_cast<const T*>((*values_)[i].get()) : nullptr;
  }
  // Of a gather that gives one value.
  const T* value() const { return (*this)[0]; }

 private:
  const std::vector<std::shared_ptr<const void>>* values_;
};

// One answer per row of the gather's first table; each becomes that item's value. An empty one is a skip.
template <class T> struct rows { std::vector<std::optional<T>> values; };

}  // namespace flowrun
