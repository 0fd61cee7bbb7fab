// What earlier runs finished, read once at the start of a run.
#include <algorithm>

#include "store_state.hpp"

namespace flowrun::core {
namespace {

bool reaches(const outcome& o, const std::string& source) {
  return std::find(o.sources.begin(), o.sources.end(), source) != o.sources.end();
}

constexpr std::uint32_t no_row = 0xffffffff;

}  // namespace

void run_store::load_ledger() {
  state& s = *s_;
  std::lock_guard lock(s.mutex);
  transaction whole(s.db, "BEGIN");
  s.items = ledger();

  std::vector<std::uint32_t> stream_number;  // by id
  std::vector<std::string> source_of;        // by number
  {
    statement streams(s.db,
                      "SELECT m.id, s.name, m.medium, m.frames, m.size, m.mtime_ns, m.listing FROM streams m "
                      "JOIN sources s ON s.id = m.source",
                      "read the streams");
    while (streams.step()) {
      auto id = static_cast<std::size_t>(streams.number(0));
      if (stream_number.size() <= id) stream_number.resize(id + 1, 0);
      source_of.emplace_back(streams.bytes(1));
      stream_number[id] = s.items.add_stream(source_of.back(), streams.bytes(2));
      ledger::stream_entry& stream = s.items.stream(stream_number[id]);
      stream.ended = streams.number(3) >= 0;
      stream.frames = static_cast<std::uint64_t>(streams.number(3));
      stream.size = static_cast<std::uint64_t>(streams.number(4));
      stream.mtime_ns = streams.number(5);
      stream.listing = streams.bytes(6);
    }
  }

  std::vector<std::uint32_t> row_of_id;
  {
    statement sums(s.db, "SELECT count(*), coalesce(sum(length(key)), 0), coalesce(max(id), 0) FROM items",
                   "read the items");
    sums.step();
    s.items.reserve(static_cast<std::size_t>(sums.number(0)), static_cast<std::size_t>(sums.number(1)));
    row_of_id.assign(static_cast<std::size_t>(sums.number(2)) + 1, no_row);
  }
  statement items(s.db, "SELECT id, stream, key, size, mtime_ns, status, gone FROM items", "read the items");
  while (items.step()) {
    ledger_entry entry;
    entry.id = items.number(0);
    entry.size = static_cast<std::uint64_t>(items.number(3));
    entry.mtime_ns = items.number(4);
    entry.status = static_cast<item_status>(items.number(5));
    entry.gone = items.number(6) != 0;
    row_of_id.at(static_cast<std::size_t>(entry.id)) = static_cast<std::uint32_t>(s.items.size());
    s.items.add(stream_number.at(static_cast<std::size_t>(items.number(1))), items.bytes(2), entry);
  }
  s.items.make_index();

  // An item is current if as many outcomes are recorded as reach its stream, and one of them bears its status out: an
  // item that failed at a stage that is no longer in the graph is not failed in today's.
  std::vector<std::uint16_t> wanted(source_of.size(), 0), recorded(s.items.size(), 0);
  std::vector<char> borne_out(s.items.size(), 0);
  for (const answers& a : s.tables) {
    if (a.what.gathered || !a.what.per_item) continue;
    std::vector<char> reached(source_of.size(), 0);
    for (std::size_t stream = 0; stream < source_of.size(); ++stream) {
      reached[stream] = reaches(a.what, source_of[stream]);
      wanted[stream] = static_cast<std::uint16_t>(wanted[stream] + reached[stream]);
    }
    statement rows(s.db, "SELECT item, status FROM " + a.table + " WHERE fingerprint = ?1", "read the values");
    rows.bind(1, a.fingerprint);
    while (rows.step()) {
      auto id = static_cast<std::size_t>(rows.number(0));
      std::uint32_t row = id < row_of_id.size() ? row_of_id[id] : no_row;
      if (row == no_row || !reached[s.items.stream_of(row)]) continue;
      ++recorded[row];
      // The numbers of an item's status and of its answers are the same.
      if (rows.number(1) == static_cast<std::int64_t>(s.items.entry(row).status)) borne_out[row] = 1;
    }
  }
  for (std::size_t row = 0; row < s.items.size(); ++row) {
    std::uint16_t outcomes = wanted[s.items.stream_of(row)];
    ledger_entry& entry = s.items.entry(row);
    entry.current = recorded[row] == outcomes && (outcomes == 0 || borne_out[row]);
    if (!entry.current || entry.gone) continue;
    ledger::stream_entry& stream = s.items.stream(s.items.stream_of(row));
    if (entry.size != stream.size || entry.mtime_ns != stream.mtime_ns) continue;  // of another content
    ++stream.current;
    if (entry.status == item_status::failed) ++stream.failed;
  }
}

}  // namespace flowrun::core
