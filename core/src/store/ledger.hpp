// The items already in the store, found by source, stream and key: about 70 bytes an item and its key.
#pragma once
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "run_store.hpp"

namespace flowrun::core {

class ledger {
 public:
  void reserve(std::size_t items, std::size_t key_bytes);
  // The number of the stream here.
  std::uint32_t add_stream(std::string_view source, std::string_view medium);
  void add(std::uint32_t stream, std::string_view key, const ledger_entry& entry);
  void make_index();  // after the last add

  const ledger_entry* find(std::string_view source, std::string_view medium, std::string_view key) const;
  std::size_t size() const { return rows_.size(); }
  ledger_entry& entry(std::size_t at) { return rows_[at].entry; }
  const std::string& source_of(std::size_t at) const { return source_of_stream_[rows_[at].stream]; }
  std::uint32_t stream_of(std::size_t at) const { return rows_[at].stream; }

  // What is known of a stream as a whole.
  struct stream_entry {
    bool ended = false;  // and then:
    std::uint64_t size = 0, frames = 0;
    std::int64_t mtime_ns = 0;
    std::string listing;
    // Counted when the ledger is loaded, items that are gone left out.
    std::uint64_t current = 0, failed = 0;
    bool seen = false;  // all its items
  };
  stream_entry& stream(std::uint32_t number) { return stream_entries_[number]; }
  // Null: unknown.
  stream_entry* find_stream(std::string_view source, std::string_view medium);

 private:
  struct row {
    ledger_entry entry;
    std::uint64_t key_at;
    std::uint32_t key_size, stream;
  };
  std::string_view key_of(const row& r) const { return std::string_view(keys_).substr(r.key_at, r.key_size); }

  std::map<std::string, std::map<std::string, std::uint32_t, std::less<>>, std::less<>> streams_;
  std::vector<std::string> source_of_stream_;
  std::vector<stream_entry> stream_entries_;
  std::vector<row> rows_;
  std::string keys_;
  std::vector<std::uint32_t> slots_;  // open addressing: 0 free, else row + 1
};

}  // namespace flowrun::core
