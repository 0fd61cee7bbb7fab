#include "ledger.hpp"

#include <xxhash.h>

namespace flowrun::core {
namespace {

std::uint64_t hash_of(std::uint32_t stream, std::string_view key) {
  return XXH3_64bits_withSeed(key.data(), key.size(), stream);
}

}  // namespace

void ledger::reserve(std::size_t items, std::size_t key_bytes) {
  rows_.reserve(items);
  keys_.reserve(key_bytes);
}

std::uint32_t ledger::add_stream(std::string_view source, std::string_view medium) {
  auto number = static_cast<std::uint32_t>(source_of_stream_.size());
  source_of_stream_.emplace_back(source);
  stream_entries_.emplace_back();
  streams_[std::string(source)].emplace(medium, number);
  return number;
}

void ledger::add(std::uint32_t stream, std::string_view key, const ledger_entry& entry) {
  rows_.push_back(row{entry, keys_.size(), static_cast<std::uint32_t>(key.size()), stream});
  keys_.append(key);
}

void ledger::make_index() {
  std::size_t size = 16;
  while (size < rows_.size() + rows_.size() / 2) size *= 2;
  slots_.assign(size, 0);
  for (std::size_t r = 0; r < rows_.size(); ++r) {
    std::size_t at = hash_of(rows_[r].stream, key_of(rows_[r])) & (size - 1);
    while (slots_[at] != 0) at = (at + 1) & (size - 1);
    slots_[at] = static_cast<std::uint32_t>(r + 1);
  }
}

ledger::stream_entry* ledger::find_stream(std::string_view source, std::string_view medium) {
  auto streams = streams_.find(source);
  if (streams == streams_.end()) return nullptr;
  auto stream = streams->second.find(medium);
  return stream == streams->second.end() ? nullptr : &stream_entries_[stream->second];
}

const ledger_entry* ledger::find(std::string_view source, std::string_view medium, std::string_view key) const {
  if (slots_.empty()) return nullptr;
  auto streams = streams_.find(source);
  if (streams == streams_.end()) return nullptr;
  auto stream = streams->second.find(medium);
  if (stream == streams->second.end()) return nullptr;
  std::size_t last = slots_.size() - 1;
  for (std::size_t at = hash_of(stream->second, key) & last; slots_[at] != 0; at = (at + 1) & last) {
    const row& r = rows_[slots_[at] - 1];
    if (r.stream == stream->second && key_of(r) == key) return &r.entry;
  }
  return nullptr;
}

}  // namespace flowrun::core
